# One element of a product of matrices is all that has to leave the device.
def product(self, x: Tensor, w: Weights) -> Tensor:
  return torch.select(torch.select(self.linear(x, w, 0), 0, 0), 0, 0)
