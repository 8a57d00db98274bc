"""From maps to a judgement: the checks of the recipe, applied to one part."""
