def normal(self, seed: int, deviation: float, sizes: List[int]) -> Tensor:
  g = torch.Generator(device=torch.device("cpu"))
  g.manual_seed(seed)
  return torch.mul(torch.randn(sizes, generator=g), deviation)
def uniform(self, seed: int, bound: float, sizes: List[int]) -> Tensor:
  g = torch.Generator(device=torch.device("cpu"))
  g.manual_seed(seed)
  return torch.mul(torch.sub(torch.mul(torch.rand(sizes, generator=g), 2.0), 1.0), bound)
def pack_matrix(self, w: Tensor) -> List[Tensor]:
  return self.pack(w)
def assign(self, target: Tensor, values: Tensor) -> Tensor:
  return target.detach().copy_(values)
def place(self, target: Tensor, values: Tensor, at: int) -> Tensor:
  return torch.slice(target.detach().view([-1]), 0, at, at + values.size(0)).copy_(values)
def scaled(self, m: Tensor, scales: Tensor) -> Tensor:
  return torch.mul(m.to(6), scales.unsqueeze(1))
def scaled4(self, m: Tensor, scales: Tensor) -> Tensor:
  q = torch.flatten(torch.stack([torch.remainder(m, 16), torch.div(m, 16, rounding_mode="floor")], 2), 1).to(6)
  each = torch.slice(torch.repeat_interleave(scales, 128, 1), 1, 0, q.size(1))  # [out,in,2]
  return torch.add(torch.mul(torch.sub(q, 8.), torch.select(each, 2, 0)), torch.select(each, 2, 1))
