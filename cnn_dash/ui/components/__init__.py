"""Parts that several pages draw, with their JavaScript and styles beside them."""
