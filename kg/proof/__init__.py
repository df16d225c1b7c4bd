"""Why a fact holds: its proof by the rules, down to what sources state, and a checker that reads the rules anew."""
