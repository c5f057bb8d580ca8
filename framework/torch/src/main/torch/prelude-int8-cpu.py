def linear(self, x: Tensor, w: Weights, i: int) -> Tensor:
  m = (w[0])[i]
  rows = x.to(15).reshape([-1, m.size(1)])
  y = torch._weight_int8pack_mm(rows, m, (w[1])[i])
  return y.to(6).view(torch.slice(x.size(), 0, x.dim() - 1) + [m.size(0)])
def pack(self, w: Tensor) -> List[Tensor]:
  scale = torch.clamp(torch.div(torch.amax(torch.abs(w), [1]), 127.), 1e-12)
  m = torch.clamp(torch.round(torch.div(w, scale.unsqueeze(1))), -127, 127).to(1)
  return [m.contiguous(), scale.to(15)]
