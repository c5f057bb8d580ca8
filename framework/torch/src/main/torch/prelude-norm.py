# The same as torch.rms_norm in five operations instead of nine, each of which costs more than its arithmetic where weights
# have gone through the caches; eps is [1].
def rms_norm(self, x: Tensor, weight: Tensor, eps: Tensor) -> Tensor:
  n = torch.linalg_vector_norm(x, 2, [-1], True)
  return torch.mul(torch.mul(x, torch.rsqrt(torch.addcmul(eps, n, n, value=1. / x.size(-1)))), weight)
