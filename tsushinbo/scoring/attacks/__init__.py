"""Signs of an attack on the ballots, and what is held because of them. Arrays in, arrays out; nobody is judged by a window alone."""
