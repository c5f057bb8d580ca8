def linear(self, x: Tensor, w: Weights, i: int) -> Tensor:
  m = (w[0])[i]
  if m.is_mkldnn:
    return ops.mkldnn._linear_pointwise(x, m, None, "none", [], "")
  return torch.linear(x, m)
def pack(self, w: Tensor) -> List[Tensor]:
  # for some sizes and numbers of rows the reordered matrix multiplies wrongly: take the first that does not
  x = torch.sin(torch.arange(w.size(1), dtype=6)).unsqueeze(0)
  y = torch.linear(x, w)
  near = torch.mul(torch.amax(torch.abs(y)), 0.001)
  packed = w.clone()
  found = False
  for rows in [2, 8, 64]:
    if not found:
      m = ops.mkldnn._reorder_linear_weight(w, rows)
      error = torch.sub(ops.mkldnn._linear_pointwise(x, m, None, "none", [], ""), y)
      if bool(torch.le(torch.amax(torch.abs(error)), near)):
        packed = m
        found = True
  return [packed]
