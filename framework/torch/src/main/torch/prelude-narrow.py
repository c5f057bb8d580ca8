# Where products take bfloat16 and give it: linear widens what they give.
def linear(self, x: Tensor, w: Weights, i: int) -> Tensor:
  return self.inner(x, w, i).to(6)
def narrow(self, x: Tensor) -> Tensor:
  return x.to(15)
