# A group is 128 inputs of one output: w = (q − 8)·scale + zero, q from 0 to 15. The kernel wants whole groups of inputs and
# a multiple of 16 outputs; how many outputs there are shows in the scales, which are a part of the padded ones.
def inner(self, x: Tensor, w: Weights, i: int) -> Tensor:
  scales = (w[1])[i]  # [groups,out,2], bfloat16
  rows = x.to(15).reshape([-1, x.size(-1)])
  missing = 128 * scales.size(0) - rows.size(1)
  if missing > 0:
    rows = torch.constant_pad_nd(rows, [0, missing], 0)
  out = scales.size(1)
  padded = (out + 15) // 16 * 16
  if padded > out:
    scales = torch.as_strided(scales, [scales.size(0), padded, 2], [2 * padded, 2, 1])
  y = torch._weight_int4pack_mm_for_cpu(rows, (w[0])[i], 128, scales)  # [n,padded]
  if padded > out:
    y = torch.slice(y, 1, 0, out)
  return y.view(torch.slice(x.size(), 0, x.dim() - 1) + [out])
def pack(self, w: Tensor) -> List[Tensor]:
  out = w.size(0)
  groups = (w.size(1) + 127) // 128
  v = torch.constant_pad_nd(w, [0, 128 * groups - w.size(1)], 0).view([out, groups, 128])
  low = torch.amin(v, [2])
  scale = torch.clamp(torch.div(torch.sub(torch.amax(v, [2]), low), 15.), 1e-12).to(15).to(6)  # [out,groups]
  zero = torch.add(low, scale, alpha=8).to(15).to(6)
  q = torch.add(torch.round(torch.div(torch.sub(v, zero.unsqueeze(2)), scale.unsqueeze(2))), 8)
  return self.packed(torch.clamp(q, 0, 15).to(3).view([out, -1]), torch.stack([scale, zero], 2))
def keep(self, m: Tensor, scales: Tensor) -> List[Tensor]:
  q = torch.stack([torch.remainder(m, 16), torch.div(m, 16, rounding_mode="floor")], 2)  # [out,in/2,2]
  return self.packed(torch.flatten(q, 1).to(3), scales)
def packed(self, q: Tensor, scales: Tensor) -> List[Tensor]:
  out = q.size(0)
  more = (16 - out % 16) % 16
  q = torch.constant_pad_nd(q, [0, 128 * scales.size(1) - q.size(1), 0, more], 8).contiguous()
  s = torch.constant_pad_nd(scales.to(15), [0, 0, 0, 0, 0, more], 0).transpose(0, 1).contiguous()  # [groups,padded,2]
  return [torch._convert_weight_to_int4pack_for_cpu(q, 2), torch.slice(s, 1, 0, out)]
