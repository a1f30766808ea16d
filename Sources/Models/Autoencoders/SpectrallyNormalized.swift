import Autograd

extension Layer {
    /// The same network with ``SpectralNormalization`` of each dense layer and each convolution.
    func spectrallyNormalized(using generator: inout RandomGenerator) -> any Layer {
        func normalized(_ layers: [any Layer]) -> Sequential {
            Sequential(layers.map { $0.spectrallyNormalized(using: &generator) })
        }
        switch self {
        case let layer as Dense: return SpectralNormalization(layer, using: &generator)
        case let layer as Convolution2D: return SpectralNormalization(layer, using: &generator)
        case let network as MultilayerPerceptron: return normalized(network.parts)
        case let network as Sequential: return normalized(network.layers)
        case let network as ChosenNetwork:
            return switch network {
            case .dense(let network): network.spectrallyNormalized(using: &generator)
            case .convolutional(let network): network.spectrallyNormalized(using: &generator)
            }
        default: return self
        }
    }
}
