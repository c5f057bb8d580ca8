def linear(self, x: Tensor, w: Weights, i: int) -> Tensor:
  return self.inner(x, w, i).to(6)
def inner(self, x: Tensor, w: Weights, i: int) -> Tensor:
  return torch.linear(x.to(15), (w[0])[i])
def narrow(self, x: Tensor) -> Tensor:
  return x.to(15)
def pack(self, w: Tensor) -> List[Tensor]:
  return [w.to(15)]
