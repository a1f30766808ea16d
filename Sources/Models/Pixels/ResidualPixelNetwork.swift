import Autograd

/// A network of masked convolutions with residual blocks, the PixelCNN (van den Oord, Kalchbrenner and
/// Kavukcuoglu, "Pixel Recurrent Neural Networks", arXiv:1601.06759, section 3.5 and table 1).
///
/// A pixel does not depend on all pixels before it: as masks add up, those to its right in the rows above
/// are out of reach beyond a diagonal (van den Oord et al., arXiv:1606.05328, figure 1).
public struct ResidualPixelNetwork: PixelNetwork {
    /// From the pixels before, without the pixel itself.
    public var first: MaskedConvolution2D
    /// From what is known of an image; nil if nothing is.
    public var condition: Dense?
    /// The residual blocks in order.
    public var blocks: [Block]
    /// A layer for each pixel.
    public var hidden: MaskedConvolution2D
    /// The last layer for each pixel.
    public var last: MaskedConvolution2D

    /// - Parameters:
    ///   - inputs: how many numbers a pixel has.
    ///   - outputs: how many are computed for it.
    ///   - maps: feature maps between blocks, half of them within; traps unless they are even.
    ///   - kernel: sides of the first filters, odd.
    ///   - conditions: how many numbers are known of an image.
    public init(
        inputs: Int, outputs: Int, maps: Int, blocks: Int, kernel: Int = 7, conditions: Int = 0,
        using generator: inout RandomGenerator
    ) {
        guard maps > 0, maps % 2 == 0, blocks >= 0 else {
            programmerError("ResidualPixelNetwork", "\(blocks) blocks of \(maps) feature maps")
        }
        first = MaskedConvolution2D(
            inputs, maps, kernel: Size2D(kernel), kind: .excludingCenter, using: &generator)
        condition =
            conditions > 0 ? Dense(conditions, maps, hasBias: false, using: &generator) : nil
        self.blocks = (0..<blocks).map { _ in Block(maps: maps, using: &generator) }
        hidden = pixelwise(maps, maps, using: &generator)
        last = pixelwise(maps, outputs, using: &generator)
    }

    public func pixels(
        _ features: Tensor, below rows: [Tensor], given known: Tensor?,
        in pass: inout some PixelPass
    ) -> Tensor {
        var value = pass.convolved(features, by: first)
        if let known, let condition { value += pass.ofEach(condition(known)) }
        for block in blocks {
            let narrow = pass.convolved(relu(value), by: block.narrowing)
            let seen = pass.convolved(relu(narrow), by: block.seeing)
            value += pass.convolved(relu(seen), by: block.widening)
        }
        return pass.convolved(relu(pass.convolved(relu(value), by: hidden)), by: last)
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("first", &first)
        visitor("condition", &condition)
        visitor("blocks", &blocks)
        visitor("hidden", &hidden)
        visitor("last", &last)
    }

    /// To half as many maps, a masked convolution over neighbours, and back.
    public struct Block: Module {
        public var narrowing: MaskedConvolution2D
        public var seeing: MaskedConvolution2D
        public var widening: MaskedConvolution2D

        init(maps: Int, using generator: inout RandomGenerator) {
            narrowing = pixelwise(maps, maps / 2, using: &generator)
            seeing = MaskedConvolution2D(
                maps / 2, maps / 2, kernel: 3, kind: .includingCenter, using: &generator)
            widening = pixelwise(maps / 2, maps, using: &generator)
        }

        public mutating func visit(_ visitor: inout ModuleVisitor) {
            visitor("narrowing", &narrowing)
            visitor("seeing", &seeing)
            visitor("widening", &widening)
        }
    }
}

/// A layer for each pixel alone.
func pixelwise(
    _ inputs: Int, _ outputs: Int, using generator: inout RandomGenerator
) -> MaskedConvolution2D {
    MaskedConvolution2D(inputs, outputs, kernel: 1, kind: .includingCenter, using: &generator)
}
