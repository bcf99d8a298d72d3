select authn._clock()
