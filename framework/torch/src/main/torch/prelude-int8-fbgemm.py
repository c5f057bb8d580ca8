# On x86: whole numbers by whole numbers, as FBGEMM multiplies them, but for what Kernels leave to ATen.
def linear(self, x: Tensor, w: Weights, i: int) -> Tensor:
  m = (w[0])[i]  # of a matrix that FBGEMM has packed, the scales
  rows = self.rows(x)
  y = self.aten(rows, m, (w[1])[i]) if m.dim() == 2 else self.whole(rows, (w[2])[i], m)
  return y.view(torch.slice(x.size(), 0, x.dim() - 1) + [m.size(0)])
# A row of x is two rows of 7 bits, since with 8 bits FBGEMM's sums of two products overflow on processors without VNNI:
# x = s·(high + low/126), high and low from −63 to 63. Sums are exact, so a row's result does not depend on the others.
def whole(self, rows: Tensor, packed: LinearPackedParamsBase, scale: Tensor) -> Tensor:
  rows = rows.to(6)
  n = rows.size(0)
  s = torch.rsub(torch.amax(torch.abs(rows), [1], True), 1e-30, -0.015873015873015872)  # [n,1], largest/63
  levels = torch.div(rows, s)
  high = torch.round(levels)
  planes = torch.cat([high, torch.mul(torch.sub(levels, high), 126.)])  # [2n,in]; the product rounds what is low
  y = ops.quantized.linear_with_input_q_dq_qweight_dq_output_fp32(planes, 1., 64, packed)  # [2n,out]
  sums = torch.add(torch.slice(y, 0, 0, n), torch.slice(y, 0, n), alpha=0.007936507936507936)  # 1/126
  return torch.mul(torch.mul(sums, s), scale)  # [n,out]
# All are copied with the row behind them: glibc does not put an aligned array into the place of one of the same size, and
# would keep as much free memory as the model takes.
def prepacked(self, m: Tensor) -> LinearPackedParamsBase:
  out, inputs = m.size()
  whole = torch._make_per_tensor_quantized_tensor(torch.as_strided(m, [out + 1, inputs], [inputs, 1]), 1., 0)
  return ops.quantized.linear_prepack(torch.slice(whole, 0, 0, out), None)
