# How far a product of int8 by FBGEMM is off, of the largest numbers that it is given.
def error(self) -> Tensor:
  m = torch.full([4, 64], 127, dtype=1)
  x = torch.full([2, 64], 63.)
  packed = ops.quantized.linear_prepack(torch._make_per_tensor_quantized_tensor(m, 1., 0), None)
  y = ops.quantized.linear_with_input_q_dq_qweight_dq_output_fp32(x, 1., 64, packed)
  return torch.amax(torch.abs(torch.sub(y, torch.linear(x, m.to(6)))))
