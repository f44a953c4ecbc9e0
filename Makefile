# Other names for the one entry, ./almanac, which says more: ./almanac help
.PHONY: up down status test test-all bench

up down status test:
	@./almanac $@

test-all:
	@./almanac test --all

bench:
	@./almanac bench $(NAME)
