"""`textback doctor`: the machine under the gateway, looked at thing by thing, each with the remedy."""
