package pools
