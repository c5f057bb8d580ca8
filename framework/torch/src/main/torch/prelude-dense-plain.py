def dense(self, x: Tensor, m: Tensor, b: Tensor) -> Tensor:
  return torch.linear(x, m, b)
