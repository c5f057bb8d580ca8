def errors(self, images: Tensor, made: Tensor) -> Tuple[Tensor, Tensor]:
  d = torch.sub(made, images)
  c = torch.sub(torch.clamp(made, -1., 1.), images)
  return (torch.mean(torch.mul(d, d), [1, 2, 3]), torch.mean(torch.mul(c, c), [1, 2, 3]))
def norm(self, words: Tensor) -> Tensor:
  return torch.mean(torch.linalg_vector_norm(words, 2, [1]))
