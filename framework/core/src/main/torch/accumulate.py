def add(self, sums: List[Tensor], more: List[Tensor]) -> Tensor:
  torch._foreach_add_(sums, more)
  return sums[0]
def divide(self, sums: List[Tensor], parts: int) -> Tensor:
  torch._foreach_div_(sums, float(parts))
  return sums[0]
