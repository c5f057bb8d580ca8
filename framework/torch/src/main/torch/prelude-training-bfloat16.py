def inner(self, x: Tensor, w: Weights, i: int) -> Tensor:
  return torch.linear(x.to(15), (w[0])[i].to(15))
def pack(self, w: Tensor) -> List[Tensor]:
  return [w]
