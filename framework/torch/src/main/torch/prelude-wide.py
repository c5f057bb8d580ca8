# For float32, and for int8, of whose kernels some give float32 and some bfloat16: all is float32 at once.
def inner(self, x: Tensor, w: Weights, i: int) -> Tensor:
  return self.linear(x, w, i)
def narrow(self, x: Tensor) -> Tensor:
  return x
