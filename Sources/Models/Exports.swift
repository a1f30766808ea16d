// Importing the models also imports everything that they are built on.

@_exported import Autograd
@_exported import Datasets
@_exported import Distributions
@_exported import LatentAnalysis
@_exported import NeuralNetworks
