# The plan lists what stands one behind another; each step takes the next weights: 0 resnet, 1 attention, 2 down, 3 up.
# Not in bfloat16 where channels do not come in 32s: on some processors oneDNN's gradient by the input is then memory that
# nobody has written.
def conv(self, x: Tensor, w: Weights, j: int, stride: int, padding: int) -> Tensor:
  kernel = (w[0])[j]
  d = x.dtype
  if kernel.size(0) % 32 > 0 or kernel.size(1) % 32 > 0:
    d = 6
  bias = (w[0])[j + 1].to(d)
  y = torch.conv2d(x.to(d), kernel.to(d, memory_format=2), bias, [stride, stride], [padding, padding], [1, 1], 1)
  return y.to(x.dtype)

def norm(self, x: Tensor, w: Weights, j: int, near: bool) -> Tensor:
  if near:
    y = torch.layer_norm(x.permute([0, 2, 3, 1]), [x.size(1)], (w[0])[j], (w[0])[j + 1], 1e-06)
    return y.permute([0, 3, 1, 2])
  return torch.group_norm(x, 32, (w[0])[j], (w[0])[j + 1], 1e-06)

def resnet(self, x: Tensor, w: Weights, j: int, near: bool) -> Tensor:
  h = self.conv(torch.silu(self.norm(x, w, j, near)), w, j + 2, 1, 1)
  h = self.conv(torch.silu(self.norm(h, w, j + 4, near)), w, j + 6, 1, 1)
  if x.size(1) != h.size(1):
    x = self.conv(x, w, j + 8, 1, 0)
  return torch.add(x, h)

def attention(self, x: Tensor, w: Weights, j: int, near: bool) -> Tensor:
  n = self.norm(x, w, j, near)
  b, c, y, z = x.size()
  q = torch.flatten(self.conv(n, w, j + 2, 1, 0), 2).transpose(1, 2).unsqueeze(1)  # [b,1,h·w,c]
  k = torch.flatten(self.conv(n, w, j + 4, 1, 0), 2).transpose(1, 2).unsqueeze(1)
  v = torch.flatten(self.conv(n, w, j + 6, 1, 0), 2).transpose(1, 2).unsqueeze(1)
  a = torch.scaled_dot_product_attention(q, k, v)
  a = a.squeeze(1).transpose(1, 2).reshape([b, c, y, z]).contiguous(memory_format=2)
  return torch.add(x, self.conv(a, w, j + 8, 1, 0))

def walk(self, x: Tensor, plan: List[int], w: Weights, j: int, near: bool) -> Tensor:
  x = self.conv(x, w, j, 1, 1)
  j = j + 2
  for step in plan:
    if step == 0:
      y = self.resnet(x, w, j, near)
      j = j + (8 if x.size(1) == y.size(1) else 10)
      x = y
    elif step == 1:
      x = self.attention(x, w, j, near)
      j = j + 10
    elif step == 2:
      x = self.conv(torch.constant_pad_nd(x, [0, 1, 0, 1], 0.), w, j, 2, 0)
      j = j + 2
    else:
      x = self.conv(torch.upsample_nearest2d(x, None, [2., 2.]), w, j, 1, 1)
      j = j + 2
  return self.conv(torch.silu(self.norm(x, w, j, near)), w, j + 2, 1, 1).to(6)

def stack(self, z: Tensor, side: int) -> Tensor:
  b, h, n, c = z.size()
  blocks = z.reshape([b, h // side, side, n // side, side, c]).transpose(2, 3)
  return blocks.reshape([b, h // side, n // side, side * side * c])

def unstack(self, z: Tensor, side: int) -> Tensor:
  b, h, n, c = z.size()
  blocks = z.reshape([b, h, n, side, side, c // (side * side)]).transpose(2, 3)
  return blocks.reshape([b, h * side, n * side, c // (side * side)])

def unit(self, z: Tensor) -> Tensor:
  return torch.div(z, torch.clamp(torch.norm(z, 2, [-1], True), 1e-12))

def encode(self, images: Tensor, plan: List[int], w: Weights, half: bool, near: bool, patch: int, skip: int, side: int) -> Tensor:
  x = torch.pixel_unshuffle(images, patch).to(15 if half else 6, memory_format=2)
  z = self.conv(self.walk(x, plan, w, 4 if skip > 0 else 2, near), w, 0, 1, 0)
  if skip > 0:
    z = torch.add(z, self.conv(torch.pixel_unshuffle(images, skip), w, 2, 1, 0))
  return self.stack(z.permute(0, 2, 3, 1), side)

def decode(self, latents: Tensor, plan: List[int], w: Weights, half: bool, near: bool, patch: int, skip: int, side: int) -> Tensor:
  z = self.unstack(latents, side).permute(0, 3, 1, 2)  # [b,c,h,w]
  x = self.conv(z, w, 0, 1, 0).to(15 if half else 6, memory_format=2)
  x = torch.pixel_shuffle(self.walk(x, plan, w, 4 if skip > 0 else 2, near), patch)
  if skip > 0:
    x = torch.add(x, torch.pixel_shuffle(self.conv(z, w, 2, 1, 0), skip))
  return x.contiguous(memory_format=0)
