def none(self, z: Tensor) -> Tensor:
  return torch.zeros([z.shape[0], 0], dtype=4, device=z.device)
def repeat(self, z: Tensor, times: int) -> Tensor:
  return torch.repeat_interleave(z, times, 0)
def grow(self, paths: Tensor, state: Tensor, codes: Tensor, words: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
  a = codes.shape[1]
  grown = torch.cat([torch.repeat_interleave(paths, a, 0), codes.reshape([-1, 1])], 1)
  return (grown, torch.repeat_interleave(state, a, 0), words.reshape([-1, words.shape[2]]))
def keep(self, target: Tensor, words: Tensor, paths: Tensor, states: Tensor, codewords: Tensor, n: int, beam: int) -> Tuple[Tensor, Tensor, Tensor]:
  difference = torch.sub(target.unsqueeze(1), words)
  distance = torch.sum(torch.mul(difference, difference), [2]).reshape([n, -1])
  each = distance.shape[1]
  order = (torch.sort(distance, stable=True, dim=1, descending=False))[1]
  kept = torch.slice(order, 1, 0, beam)
  rows = torch.add(kept, torch.mul(torch.arange(n, device=kept.device).unsqueeze(1), each)).reshape([-1])
  return (torch.index_select(paths, 0, rows), torch.index_select(states, 0, rows), torch.index_select(codewords, 0, rows))
def best(self, z: Tensor, decoded: Tensor, paths: Tensor) -> Tuple[Tensor, Tensor]:
  n = z.shape[0]
  difference = torch.sub(z.unsqueeze(1), decoded.reshape([n, -1, z.shape[1]]))
  error = torch.sum(torch.mul(difference, difference), [2])
  first = torch.argmin(error, 1, True)
  all = paths.reshape([n, -1, paths.shape[1]])
  row = torch.gather(all, 1, first.unsqueeze(2).expand([-1, 1, paths.shape[1]])).squeeze(1)
  return (row, torch.gather(error, 1, first).squeeze(1))
def better(self, codes: Tensor, error: Tensor, others: Tensor, otherError: Tensor) -> Tensor:
  nearer = torch.lt(otherError, error).unsqueeze(1)
  return torch.where(nearer, others, codes)
