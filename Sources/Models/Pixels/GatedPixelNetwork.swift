import Autograd

/// A network of gated convolutions in two stacks, the Gated PixelCNN (van den Oord et al., "Conditional
/// Image Generation with PixelCNN Decoders", arXiv:1606.05328, figure 2): one of the rows above, and one
/// of the pixels to the left, which sees the first. Together they reach all pixels before one.
public struct GatedPixelNetwork: PixelNetwork {
    /// From the rows above.
    public var firstAbove: DownwardConvolution2D
    /// From the pixels to the left, without the pixel itself.
    public var firstLeft: MaskedConvolution2D
    /// The layers in order.
    public var layers: [GatedPixelLayer]
    /// A layer for each pixel.
    public var hidden: MaskedConvolution2D
    /// The last layer for each pixel.
    public var last: MaskedConvolution2D

    /// - Parameters:
    ///   - inputs: how many numbers a pixel has.
    ///   - outputs: how many are computed for it.
    ///   - maps: feature maps.
    ///   - layers: gated layers; traps if there are none.
    ///   - kernel: width of the first filters, odd; others are of 3.
    ///   - conditions: how many numbers are known of an image.
    public init(
        inputs: Int, outputs: Int, maps: Int, layers: Int, kernel: Int = 7, conditions: Int = 0,
        using generator: inout RandomGenerator
    ) {
        guard maps > 0, layers > 0 else {
            programmerError("GatedPixelNetwork", "\(layers) layers of \(maps) feature maps")
        }
        firstAbove = DownwardConvolution2D(
            inputs, maps, kernel: Size2D(height: (kernel + 1) / 2, width: kernel),
            using: &generator)
        firstLeft = MaskedConvolution2D(
            inputs, maps, kernel: Size2D(height: 1, width: kernel), kind: .excludingCenter,
            using: &generator)
        self.layers = (0..<layers).map { _ in
            GatedPixelLayer(maps: maps, conditions: conditions, using: &generator)
        }
        hidden = pixelwise(maps, maps, using: &generator)
        last = pixelwise(maps, outputs, using: &generator)
    }

    public func rows(
        _ above: Tensor, given known: Tensor?, in pass: inout some PixelPass
    ) -> [Tensor] {
        var value = pass.convolved(above, by: firstAbove)
        return layers.map { layer in
            let seen = pass.convolved(value, by: layer.above)
            value = gated(layer.aboveCondition.adding(known, to: seen, pass.ofRows))
            return seen
        }
    }

    public func pixels(
        _ features: Tensor, below rows: [Tensor], given known: Tensor?,
        in pass: inout some PixelPass
    ) -> Tensor {
        var value = pass.convolved(features, by: firstLeft)
        for (layer, above) in zip(layers, rows) {
            let seen =
                pass.convolved(value, by: layer.left)
                + pass.convolved(pass.atPixels(above), by: layer.fromAbove)
            let gate = gated(layer.leftCondition.adding(known, to: seen, pass.ofEach))
            value += pass.convolved(gate, by: layer.output)
        }
        return pass.convolved(relu(pass.convolved(relu(value), by: hidden)), by: last)
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("firstAbove", &firstAbove)
        visitor("firstLeft", &firstLeft)
        visitor("layers", &layers)
        visitor("hidden", &hidden)
        visitor("last", &last)
    }
}

/// A layer of a ``GatedPixelNetwork``.
public struct GatedPixelLayer: Module {
    /// Of the rows above, to twice the maps.
    public var above: DownwardConvolution2D
    /// Of the pixels to the left, to twice the maps.
    public var left: MaskedConvolution2D
    /// From the first stack to the second.
    public var fromAbove: MaskedConvolution2D
    /// To what is added to the second stack.
    public var output: MaskedConvolution2D
    /// What is known of an image for the first stack.
    public var aboveCondition: Dense?
    /// What is known of an image for the second stack.
    public var leftCondition: Dense?

    init(maps: Int, conditions: Int, using generator: inout RandomGenerator) {
        above = DownwardConvolution2D(
            maps, 2 * maps, kernel: Size2D(height: 2, width: 3), using: &generator)
        left = MaskedConvolution2D(
            maps, 2 * maps, kernel: Size2D(height: 1, width: 3), kind: .includingCenter,
            using: &generator)
        fromAbove = pixelwise(2 * maps, 2 * maps, using: &generator)
        output = pixelwise(maps, maps, using: &generator)
        guard conditions > 0 else { return }
        aboveCondition = Dense(conditions, 2 * maps, hasBias: false, using: &generator)
        leftCondition = Dense(conditions, 2 * maps, hasBias: false, using: &generator)
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("above", &above)
        visitor("left", &left)
        visitor("fromAbove", &fromAbove)
        visitor("output", &output)
        visitor("aboveCondition", &aboveCondition)
        visitor("leftCondition", &leftCondition)
    }
}

/// tanh of the first half of the channels, times the sigmoid of the second.
private func gated(_ features: Tensor) -> Tensor {
    let half = features.shape[1] / 2
    return tanh(features.sliced(axis: 1, 0..<half))
        * sigmoid(features.sliced(axis: 1, half..<2 * half))
}

extension Dense? {
    /// What the layer makes of what is known, added to features; these alone without either.
    fileprivate func adding(
        _ known: Tensor?, to features: Tensor, _ spread: (Tensor) -> Tensor
    ) -> Tensor {
        guard let self, let known else { return features }
        return features + spread(self(known))
    }
}
