# One layer's weights stand in this order: attention_norm, wqkv, wo, ffn_norm, w1, w3, w2.
def prepare(self, places: Tensor, head: int, zero: bool, cache: List[int], half: bool) -> List[Tensor]:
  f = torch.reciprocal(torch.pow(10000., torch.div(torch.arange(head // 4, dtype=6, device=places.device), head / 4)))
  at = torch.clamp(places, 0).to(6)  # [s,2]
  angles = torch.flatten(torch.mul(at.unsqueeze(2), f), 1)  # [s,head/2], rows then columns
  table = torch.stack([torch.cos(angles), torch.sin(angles)], 2)  # [s,head/2,2]
  if zero:
    table = torch.mul(table, torch.ge(torch.slice(places, 1, 0, 1), 0).unsqueeze(2))
  if len(cache) == 0:
    return [table]
  return [table, torch.zeros(cache, dtype=15 if half else 6, device=places.device)]

def norm(self, h: Tensor, w: Weights) -> Tensor:
  return self.rms_norm(h, (w[0])[0], torch.full([1], 1e-05, device=h.device))

def allowed(self, h: Tensor, masks: List[Tensor], n: int, end: int) -> Tensor:
  t = h.size(1)
  causal = torch.tril(torch.ones([t, n], dtype=11, device=h.device), n - t)  # [t,n]
  if len(masks) == 0:
    return causal
  keys = torch.slice(masks[0], 1, end - n, end)  # [b,n]
  itself = torch.triu(causal, n - t)
  return torch.logical_and(causal, torch.logical_or(itself, keys.unsqueeze(1))).unsqueeze(1)  # [b,1,t,n]

def dropped(self, x: Tensor, share: float, path: float, seed: int) -> Tensor:
  g = torch.Generator(device=torch.device("cpu"))
  g.manual_seed(seed)
  if share > 0.:
    # uniform draws are the same on every processor; torch.bernoulli has MKL draw on some
    kept = torch.ge(torch.rand(x.size(), generator=g), share)
    x = torch.mul(x, torch.mul(kept.to(x.device), 1. / (1. - share)))
  if path > 0.:
    rows = torch.ge(torch.rand([x.size(0), 1, 1], generator=g), path)
    x = torch.mul(x, torch.mul(rows.to(x.device), 1. / (1. - path)))
  return x

def run(self, h: Tensor, state: List[Tensor], masks: List[Tensor], w: Weights, first: int, heads: int, start: int, cached: bool, half: bool, seeds: List[int], attention: float, forward: float, path: float, head: Weights) -> List[Tensor]:
  b, t, d = h.size()
  end = start + t
  n = end if cached else t
  table = torch.view_as_complex(torch.slice(state[0], 0, start, end).clone())  # [t,head/2]
  mask = annotate(Optional[Tensor], None)
  causal = len(masks) == 0 and n == t
  if not causal and (t > 1 or len(masks) > 0):
    mask = self.allowed(h, masks, n, end)
  layers = len(w[0]) // 7
  past = annotate(List[Tensor], [])  # keys, values of each layer, [rows,heads,n,head]
  fresh = annotate(List[Tensor], [])  # of them the part that is written now
  if cached:
    cache = torch.flatten(torch.slice(state[1], 0, first, first + layers), 0, 1)
    past = torch.unbind(torch.slice(cache, 3, 0, end))
    fresh = torch.unbind(torch.slice(cache, 3, start, end))
  eps = torch.full([1], 1e-05, device=h.device)
  for i in range(layers):
    j = 7 * i
    x = self.rms_norm(h, (w[0])[j], eps)
    qkv = self.inner(x, w, j + 1).to(6).view([b, t, 3, heads, d // heads]).transpose(1, 3)
    v = torch.select(qkv, 2, 2)  # [b,heads,t,head]
    pairs = torch.view_as_complex(torch.slice(qkv, 2, 0, 2).view([b, heads, 2, t, -1, 2]))
    qk = torch.flatten(torch.view_as_real(torch.mul(pairs, table)), 4)  # turned by their place
    if half:
      qk = qk.to(15)
      v = v.to(15)
    q, k = torch.unbind(qk, 2)  # [b,heads,t,head]
    if cached:
      stored = torch.copy_(fresh[2 * i], k)
      stored = torch.copy_(fresh[2 * i + 1], v)
      k = past[2 * i]
      v = past[2 * i + 1]
    a = torch.scaled_dot_product_attention(q, k, v, mask, 0., causal and t > 1)
    a = self.inner(a.transpose(1, 2).reshape([b, t, d]), w, j + 2)
    if len(seeds) > 0:
      a = self.dropped(a, attention, path * (first + i), seeds[2 * i])
    h = torch.add(h, a)
    x = self.narrow(self.rms_norm(h, (w[0])[j + 3], eps))
    f = self.inner(torch.mul(torch.silu(self.inner(x, w, j + 4)), self.inner(x, w, j + 5)), w, j + 6)
    if len(seeds) > 0:
      f = self.dropped(f, forward, path * (first + i), seeds[2 * i + 1])
    h = torch.add(h, f)
  if len(head[0]) == 0:
    return [h]
  return [h, self.norm(h, head)]
