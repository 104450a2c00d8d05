# Everything is a script under tools/; this file only names them.
.PHONY: help up down reset logs build test bench large faults format

help: ## Show this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

up: ## Start MailPace on this machine, install what is missing, send a first email
	@tools/up.sh

down: ## Stop it
	@tools/down.sh

reset: ## Stop it and forget its data
	@tools/reset.sh

logs: ## Follow its log
	@tail -n 50 -F .local/log/mailpace.log || true

build: ## Build everything
	@dotnet build MailPace.sln -c Release

test: ## Install what the tests need, build, run all tests
	@tools/test.sh

large: ## Measure the memory that 200 messages of 25 MB at once take
	@DOTNET_GCConserveMemory=5 MAILPACE_LARGE_CLIENTS=200 MAILPACE_LARGE_MEGABYTES=25 dotnet run --project tests/MailPace.Host.Tests -c Release -- -class MailPace.Host.Tests.LargeMessagesTests -showliveoutput

bench: ## Measure beside Postfix and Haraka
	@tools/bench.sh $(OPTIONS)

faults: ## Kill, freeze, fill and cut the power under load, and check that nothing is lost
	@tools/faults.sh $(OPTIONS)

format: ## Format the code
	@dotnet format MailPace.sln
