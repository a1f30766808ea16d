import Autograd
import Models

/// Where the noise of a step comes from: from a generator, or, so that steps can be compared,
/// from ``Numbers``.
struct Noise {
    private enum Source {
        case drawn(RandomGenerator)
        case numbered(prefix: String, step: Int)
    }

    private var source: Source

    static func drawn(seed: UInt64) -> Noise {
        Noise(source: .drawn(RandomGenerator(seed: seed)))
    }

    static func numbered(_ workload: String, step: Int) -> Noise {
        Noise(source: .numbered(prefix: "\(workload)/noise", step: step))
    }

    /// Standard normal; where numbered, uniform of the same mean and variance.
    mutating func normal(_ name: String, _ shape: [Int]) -> Tensor {
        noise {
            $0.normal(shape)
        } numbered: { prefix, step in
            Numbers.standardized("\(prefix)/\(name)/\(step)", shape)
        }
    }

    /// Uniform in [0, 1).
    mutating func uniform(_ name: String, _ shape: [Int]) -> Tensor {
        noise {
            $0.uniform(shape)
        } numbered: { prefix, step in
            Numbers.uniform("\(prefix)/\(name)/\(step)", shape)
        }
    }

    private mutating func noise(
        _ draw: (inout RandomGenerator) -> Tensor,
        numbered: (_ prefix: String, _ step: Int) -> Tensor
    ) -> Tensor {
        switch source {
        case .drawn(var generator):
            let tensor = draw(&generator)
            source = .drawn(generator)
            return tensor
        case .numbered(let prefix, let step): return numbered(prefix, step)
        }
    }
}

/// Training steps: `State` is everything that a step changes, models and their optimisers.
final class Training<State>: Exercise {
    let bytes: Int
    private let numbers: String
    private let start: State
    private var state: State
    private var noise = Noise.drawn(seed: 0)
    private let body: (inout State, inout Noise) -> [Tensor]
    private let finalResults: (State) -> [Tensor]
    private let gradientNorm: ((State, inout Noise) -> Double)?

    /// - Parameters:
    ///   - numbers: the name under which noise is numbered.
    ///   - changed: how many numbers a step changes: parameters, and the optimiser's state.
    ///   - batch: how many numbers it is given.
    ///   - gradientNorm: the norm of the gradients of the first step, which is compared too.
    ///   - finalResults: what else is compared after the last step.
    ///   - body: one step; returns its losses.
    init(
        numbers: String, from start: State, changed: Int, batch: Int,
        gradientNorm: ((State, inout Noise) -> Double)? = nil,
        finalResults: @escaping (State) -> [Tensor] = { _ in [] },
        _ body: @escaping (inout State, inout Noise) -> [Tensor]
    ) {
        bytes = 4 * (2 * changed + batch)
        (self.numbers, self.start, state) = (numbers, start, start)
        (self.body, self.gradientNorm, self.finalResults) = (body, gradientNorm, finalResults)
    }

    func step() {
        for loss in body(&state, &noise) { loss.finish() }
    }

    func reset() { state = start }

    func check() -> [Double]? {
        var state = start
        var results: [Double] = []
        for step in 0..<checkedSteps {
            var noise = Noise.numbered(numbers, step: step)
            var sameNoise = noise
            let norm = step == 0 ? gradientNorm?(state, &sameNoise) : nil
            results += body(&state, &noise).map(\.scalar)
            if let norm { results.append(norm) }
        }
        return results + checksums(finalResults(state))
    }
}

/// A model with the optimiser that trains it.
struct Trained<Model: Module, Rule: Optimizer> {
    var model: Model
    var optimizer: Rule
}

extension Trained where Rule == Adam {
    /// With the settings of the table.
    init(_ model: Model) {
        self.init(model: model, optimizer: Adam(for: model, learningRate: 1e-3))
    }
}

extension Trained {
    /// One step against the gradient of a loss. Returns the loss.
    mutating func step(_ loss: (Model) -> Tensor) -> Tensor {
        let (value, gradients) = valueWithGradient(at: model, of: loss)
        optimizer.update(&model, along: gradients)
        return value
    }
}

extension Training {
    /// A model trained by Adam on one loss.
    static func adam<Model: Module>(
        _ model: Model, numbers: String, batch: Int,
        _ loss: @escaping (Model, inout Noise) -> Tensor
    ) -> Training where State == Trained<Model, Adam> {
        Training(
            numbers: numbers, from: Trained(model), changed: 3 * model.parameterCount, batch: batch
        ) { state, noise in
            gradient(at: state.model) { loss($0, &noise) }.globalNorm
        } _: { state, noise in
            [state.step { loss($0, &noise) }]
        }
    }
}
