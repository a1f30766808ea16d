import Autograd
import FileSupport

/// How grey values from 0 to 1 become black and white, as a Bernoulli likelihood takes them.
public enum Binarization: String, Codable, CaseIterable, Sendable {
    /// White with the grey value as probability, drawn anew for each batch (Salakhutdinov and Murray,
    /// 2008).
    case dynamic
    /// The same, drawn once: always the same for a sample at the same position of the same data.
    case fixed = "static"
    /// White from one half on.
    case threshold
}

extension Dataset {
    /// The data in black and white.
    ///
    /// - Throws: if a value is not one from 0 to 1.
    public func binarized(_ how: Binarization) throws(FileError) -> Dataset {
        for examples in [training, test] {
            guard let element = examples.firstElement(outside: 0...1) else { continue }
            throw FileError(
                path: name,
                expected: "grey values from 0 to 1 (or pixels), to make them black and white",
                found: "\(element.value) in sample \(element.sample + 1)")
        }
        return Dataset(
            name: name, training: training.binarized(how, seed: 0),
            test: test.binarized(how, seed: 1),
            classNames: classNames, columnNames: columnNames, notes: notes, source: source)
    }
}

extension Examples {
    /// Whether pixels are drawn, black or white, for each batch.
    package var areDrawnPixels: Bool { drawing == .pixels }

    /// In black and white, with draws by the seed if they are fixed.
    fileprivate func binarized(_ how: Binarization, seed: UInt64) -> Examples {
        switch how {
        case .dynamic: return with(inputs, drawing: .pixels)
        case .threshold: return with(stored((scaled() .>= 0.5).cast(to: .float32)))
        case .fixed:
            var generator = RandomGenerator(seed: seed)
            return with(stored(drawnPixels(scaled(), using: &generator)))
        }
    }

    /// Numbers from 0 to 1 in the type of the inputs.
    func stored(_ shares: Tensor) -> Tensor {
        inputs.dataType == .uint8
            ? round(255 * shares).cast(to: .uint8) : shares.cast(to: inputs.dataType)
    }
}

/// 1 with the given probabilities, otherwise 0, in their type.
func drawnPixels(_ probabilities: Tensor, using generator: inout RandomGenerator) -> Tensor {
    let noise = generator.uniform(probabilities.shape, dataType: probabilities.dataType)
    return (noise .< probabilities).cast(to: probabilities.dataType)
}
