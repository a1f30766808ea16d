// Who imports the models has all that they are made of and are asked for.

@_exported import Autograd
@_exported import Datasets
@_exported import LatentAnalysis
@_exported import NeuralNetworks
