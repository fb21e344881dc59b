"""You draw from a copy of the generator, which stays where it was.

Module: episodes
Problem: 1
Hint: Keep the generator itself: each draw moves it on, for all that use it.
"""


class EpisodeSampler:
    def __init__(
        self, images_by_class: Sequence[Tensor], num_classes: int, num_shots: int, generator: torch.Generator
    ) -> None:
        if num_classes < 1 or num_shots < 1:
            raise ValueError(f"{num_classes} classes and {num_shots} shots; both must be at least 1")
        if len(images_by_class) < num_classes:
            raise ValueError(f"an episode of {num_classes} classes cannot be drawn from {len(images_by_class)}")
        if min(len(images) for images in images_by_class) < num_shots + 1:
            raise ValueError(f"a class has too few images for {num_shots} in the support and another one in the query")
        self.images_by_class = images_by_class
        self.num_classes, self.num_shots = num_classes, num_shots
        self.generator = torch.Generator()
        self.generator.set_state(generator.get_state())
