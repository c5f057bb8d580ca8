# Where the other products of int8 would be slow: whole numbers by whole numbers, as FBGEMM multiplies them on any x86.
# A row of x is two rows of 7 bits, since with 8 bits FBGEMM's sums of two products overflow on processors without VNNI:
# x = s·(high + low/126), high and low from −63 to 63. Sums are exact, so a row's result does not depend on the others.
def linear(self, x: Tensor, w: Weights, i: int) -> Tensor:
  scale = (w[1])[i]
  rows = x.to(6).reshape([-1, x.size(-1)])
  s = torch.clamp(torch.div(torch.amax(torch.abs(rows), [1], True), 63.), 1e-30)  # [n,1]
  levels = torch.div(rows, s)
  high = torch.round(levels)
  planes = torch.cat([high, torch.mul(torch.sub(levels, high), 126.)])  # [2n,in]; the product rounds what is low
  y = ops.quantized.linear_with_input_q_dq_qweight_dq_output_fp32(planes, 1., 64, (w[2])[i])  # [2n,out]
  n = rows.size(0)
  sums = torch.add(torch.slice(y, 0, 0, n), torch.slice(y, 0, n), alpha=0.007936507936507936)  # 1/126
  y = torch.mul(torch.mul(sums, s), scale)
  return y.view(torch.slice(x.size(), 0, x.dim() - 1) + [scale.size(0)])
def pack(self, w: Tensor) -> List[Tensor]:
  scale = torch.clamp(torch.div(torch.amax(torch.abs(w), [1]), 127.), 1e-12)
  return [torch.clamp(torch.round(torch.div(w, scale.unsqueeze(1))), -127, 127).to(1), scale.to(15).to(6)]
def keep(self, m: Tensor, scales: Tensor) -> List[Tensor]:
  return [m, scales]
def prepacked(self, m: Tensor) -> LinearPackedParamsBase:
  return ops.quantized.linear_prepack(torch._make_per_tensor_quantized_tensor(m, 1., 0), None)
