# One layer's weights stand in this order, a bias behind each: ln_1, attn.c_attn, attn.c_proj, ln_2, mlp.c_fc, mlp.c_proj.
def cache(self, places: Tensor, sizes: List[int], half: bool) -> Tensor:
  return torch.zeros(sizes, dtype=15 if half else 6, device=places.device)

def norm(self, h: Tensor, w: Weights, i: int) -> Tensor:
  return torch.layer_norm(h, [h.size(2)], (w[0])[i], (w[0])[i + 1], 1e-05)

def affine(self, x: Tensor, w: Weights, i: int) -> Tensor:
  return torch.add(self.inner(x, w, i), (w[0])[i + 1])

def allowed(self, h: Tensor, masks: List[Tensor], n: int, end: int) -> Tensor:
  t = h.size(1)
  causal = torch.tril(torch.ones([t, n], dtype=11, device=h.device), n - t)  # [t,n]
  if len(masks) == 0:
    return causal
  keys = torch.slice(masks[0], 1, end - n, end)  # [b,n]
  itself = torch.triu(causal, n - t)
  return torch.logical_and(causal, torch.logical_or(itself, keys.unsqueeze(1))).unsqueeze(1)  # [b,1,t,n]

def dropped(self, x: Tensor, share: float, seed: int) -> Tensor:
  if share > 0.:
    g = torch.Generator(device=torch.device("cpu"))
    g.manual_seed(seed)
    # uniform draws are the same on every processor; torch.bernoulli has MKL draw on some
    kept = torch.ge(torch.rand(x.size(), generator=g), share)
    x = torch.mul(x, torch.mul(kept.to(x.device), 1. / (1. - share)))
  return x

def run(self, h: Tensor, state: List[Tensor], masks: List[Tensor], places: List[Tensor], w: Weights, first: int, heads: int, start: int, cached: bool, half: bool, seeds: List[int], attention: float, residual: float, head: Weights) -> List[Tensor]:
  b, t, d = h.size()
  end = start + t
  n = end if cached else t
  for table in places:
    h = torch.add(h, torch.slice(table, 0, start, end))
  seen = self.allowed(h, masks, n, end)
  mask = annotate(Optional[Tensor], None)
  causal = len(masks) == 0 and n == t
  if not causal and (t > 1 or len(masks) > 0):
    mask = seen
  layers = len(w[0]) // 12
  past = annotate(List[Tensor], [])  # keys, values of each layer, [rows,heads,n,head]
  fresh = annotate(List[Tensor], [])  # of them the part that is written now
  if cached:
    cache = torch.flatten(torch.slice(state[0], 0, first, first + layers), 0, 1)
    past = torch.unbind(torch.slice(cache, 3, 0, end))
    fresh = torch.unbind(torch.slice(cache, 3, start, end))
  for i in range(layers):
    j = 12 * i
    qkv = self.affine(self.norm(h, w, j), w, j + 2).view([b, t, 3, heads, d // heads])
    if half:
      qkv = qkv.to(15)
    q, k, v = torch.unbind(qkv.transpose(1, 3), 2)  # [b,heads,t,head]
    if cached:
      stored = torch.copy_(fresh[2 * i], k)
      stored = torch.copy_(fresh[2 * i + 1], v)
      k = past[2 * i]
      v = past[2 * i + 1]
    if len(seeds) > 0 and attention > 0.:
      scores = torch.mul(torch.matmul(q, k.transpose(2, 3)).to(6), torch.pow(d // heads, -0.5))  # [b,heads,t,n]
      p = torch.softmax(torch.masked_fill(scores, torch.logical_not(seen), -1e+30), 3)  # [b,heads,t,n]
      a = torch.matmul(self.dropped(p, attention, seeds[3 * i]).to(v.dtype), v)
    else:
      a = torch.scaled_dot_product_attention(q, k, v, mask, 0., causal and t > 1)
    a = self.affine(a.transpose(1, 2).reshape([b, t, d]), w, j + 4)
    if len(seeds) > 0:
      a = self.dropped(a, residual, seeds[3 * i + 1])
    h = torch.add(h, a)
    f = torch.gelu_(self.affine(self.norm(h, w, j + 6), w, j + 8), approximate="tanh")
    f = self.affine(f, w, j + 10)
    if len(seeds) > 0:
      f = self.dropped(f, residual, seeds[3 * i + 2])
    h = torch.add(h, f)
  if len(head[0]) == 0:
    return [h]
  return [h, self.norm(h, head, 0)]
