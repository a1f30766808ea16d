import Autograd

extension DataDescription {
    /// What the data have to be if they are not images; nil if they are.
    var requiringImages: String? {
        ImageShape(sampleShape) == nil
            ? "images, of shape [height, width] or [channels, height, width]" : nil
    }
}

/// - Parameter isPooled: whether sides are halved by pooling instead of strides.
func convolutionalAutoencoder(
    _ hiddenSizes: [Int], _ latentSize: Int, for output: SampleOutput, isPooled: Bool,
    using generator: inout RandomGenerator
) -> Autoencoder<DeterministicEncoder<Sequential>, ChosenDecoder<Sequential>> {
    let data = output.data
    let image = ImageShape(of: data.sampleShape, for: "convolutional")
    // The number of feature maps of each encoder layer, and the size of its input.
    let features = hiddenSizes + [latentSize]
    let sizes = features.indices.dropLast().reduce(into: [image.size]) { sizes, index in
        sizes.append(halved(sizes[index]))
    }
    let encoder = Sequential {
        Reshape(image.shape)
        for (index, outputs) in features.enumerated() {
            Convolution2D(
                index == 0 ? image.channels : features[index - 1], outputs, kernel: 3,
                stride: isPooled ? 1 : 2, padding: 1, using: &generator)
            Activation(.relu)
            if isPooled { Pooling2D(.max, 2, padding: paddingToHalve(sizes[index])) }
        }
    }
    let decoder = Sequential {
        for index in features.indices.reversed() {
            TransposedConvolution2D(
                features[index], features[max(index - 1, 0)], kernel: 3, stride: 2, padding: 1,
                outputPadding: paddingToDouble(to: sizes[index]), using: &generator)
            Activation(.relu)
        }
        Convolution2D(features[0], image.channels, kernel: 3, padding: 1, using: &generator)
        Reshape(data.sampleShape)
    }
    return Autoencoder(
        encoder: DeterministicEncoder(encoder), decoder: output.decoder(decoder))
}

/// Half of each side, rounded up, so that no pixel is left out.
func halved(_ size: Size2D) -> Size2D {
    Size2D(height: (size.height + 1) / 2, width: (size.width + 1) / 2)
}

/// Windows of two fill even sides; at odd sides the first and the last reach beyond the edge.
func paddingToHalve(_ size: Size2D) -> Size2D {
    Size2D(height: size.height % 2, width: size.width % 2)
}

/// A transposed convolution with stride 2 gives odd sides; even ones need one more row or column.
func paddingToDouble(to size: Size2D) -> Size2D {
    Size2D(height: 1 - size.height % 2, width: 1 - size.width % 2)
}
