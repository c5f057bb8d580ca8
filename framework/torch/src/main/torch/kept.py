# Whole numbers and scales as a file has them: int8 [out,in] and [out]; int4 two a byte [out,in/2] and [out,groups,2].
def kept(self, m: Tensor, scales: Tensor) -> List[Tensor]:
  return self.keep(m, scales)
