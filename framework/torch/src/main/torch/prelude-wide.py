# Where memory is no matter, results of products are float32 at once.
def inner(self, x: Tensor, w: Weights, i: int) -> Tensor:
  return self.linear(x, w, i)
def narrow(self, x: Tensor) -> Tensor:
  return x
