# Other names for the one entry, ./almanac, which says more: ./almanac help
# The course's two variables: make build NAME=registry.example.org/you TAG=1.0.0
NAME ?= localhost
TAG ?=
IMAGES = $(NAME) $(if $(TAG),--tag $(TAG))

.PHONY: up down status test test-all bench build push images compose-up compose-down clean

up down status test:
	@./almanac $@

test-all:
	@./almanac test --all

bench:
	@./almanac bench $(ONLY)

build push:
	@./almanac images $@ $(IMAGES)

images:
	@./almanac images list $(IMAGES)

compose-up:
	@$(if $(TAG),ALMANAC_TAG=$(TAG)) ALMANAC_REGISTRY=$(NAME) ./almanac compose up

compose-down:
	@./almanac compose down

# What was made here and is made again when needed; the data of ./almanac up stay.
clean:
	@rm -rf .almanac/cache .almanac/images .nx coverage
