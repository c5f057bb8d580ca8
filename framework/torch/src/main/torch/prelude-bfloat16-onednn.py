def inner(self, x: Tensor, w: Weights, i: int) -> Tensor:
  m = (w[0])[i]
  if m.is_mkldnn:
    return ops.mkldnn._linear_pointwise(x.to(15), m, None, "none", [], "")
  return torch.linear(x.to(15), m)
def pack(self, w: Tensor) -> List[Tensor]:
  m = w.to(15)
  if ops.mkldnn._is_mkldnn_bf16_supported():
    m = ops.mkldnn._reorder_linear_weight(m, 2)
  return [m]
