# What all products of int8 share. Inputs are padded to a multiple of 16.
def rows(self, x: Tensor) -> Tensor:
  rows = x.reshape([-1, x.size(-1)])
  missing = (16 - rows.size(1) % 16) % 16
  if missing > 0:
    rows = torch.constant_pad_nd(rows, [0, missing], 0)
  return rows  # [n,in]
def aten(self, rows: Tensor, m: Tensor, scale: Tensor) -> Tensor:
  rows = rows.to(15)
  if rows.size(0) > 24:
    # the kernel takes the same time for each row: 8.2 ms for 128 of 1536 by 4096, 3.8 where the matrix is widened first
    return torch.mul(torch.linear(rows, m.to(15)).to(6), scale)
  return torch._weight_int8pack_mm(rows, m, scale).to(6)  # [n,out]
def pack(self, w: Tensor) -> List[Tensor]:
  scale = torch.clamp(torch.div(torch.amax(torch.abs(w), [1]), 127.), 1e-12)
  return self.keep(torch.clamp(torch.round(torch.div(w, scale.unsqueeze(1))), -127, 127).to(1), scale)
def keep(self, m: Tensor, scale: Tensor) -> List[Tensor]:
  # padding copies the matrix out of a file; for the row more see prepacked
  out = m.size(0)
  m = torch.constant_pad_nd(m, [0, (16 - m.size(1) % 16) % 16, 0, 1], 0).contiguous()
  half = scale.to(15)
  return [torch.slice(m, 0, 0, out), half, half.to(6)]
