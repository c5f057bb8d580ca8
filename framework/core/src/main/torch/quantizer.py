def range(self, codes: Tensor) -> Tensor:
  return torch.stack([torch.min(codes), torch.max(codes)])
