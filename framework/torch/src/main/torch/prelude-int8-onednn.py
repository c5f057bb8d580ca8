def linear(self, x: Tensor, w: Weights, i: int) -> Tensor:
  m = (w[0])[i]
  rows = x.to(15)
  missing = m.size(1) - rows.size(-1)
  if missing > 0 and missing < 16:
    rows = torch.constant_pad_nd(rows, [0, missing], 0)
  rows = rows.reshape([-1, rows.size(-1)])
  if rows.size(0) > 24:
    # the kernel takes the same time for each row: 8.2 ms for 128 of 1536 by 4096, 3.8 where the matrix is widened first
    y = torch.mul(torch.linear(rows, m.to(15)).to(6), (w[1])[i])
  else:
    y = torch._weight_int8pack_mm(rows, m, (w[1])[i])
  return y.to(6).view(torch.slice(x.size(), 0, x.dim() - 1) + [m.size(0)])
def pack(self, w: Tensor) -> List[Tensor]:
  scale = torch.clamp(torch.div(torch.amax(torch.abs(w), [1]), 127.), 1e-12)
  m = torch.clamp(torch.round(torch.div(w, scale.unsqueeze(1))), -127, 127).to(1)
  return [self.padded(m), scale.to(15)]
def keep(self, m: Tensor, scales: Tensor) -> List[Tensor]:
  return [self.padded(m), scales.to(15)]  # padding copies them out of a file
def padded(self, m: Tensor) -> Tensor:
  return torch.constant_pad_nd(m, [0, (16 - m.size(1) % 16) % 16], 0).contiguous()
