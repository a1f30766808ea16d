import Autograd
import Datasets
import ModelTestSupport
import TestSupport
import Testing

@testable import Models

/// A codebook and what follows it, which begin as the same tensor.
private struct Quantizer: Trainable {
    var weight: Tensor
    var codebook: Tensor
    var sums: Tensor

    init() {
        weight = Tensor.ones([2])
        codebook = Tensor([1, 2] as [Float])
        sums = codebook
    }

    func callAsFunction(
        _ batch: Batch, in context: inout PassContext
    ) -> AutoencoderOutput<PointMass, Independent<Normal>> {
        if context.isTraining {
            context.update(codebook, to: context.current(codebook) + 1)
            context.update(sums, to: context.current(sums) * 10)
        }
        let values = batch.input * weight
        return AutoencoderOutput(
            posterior: PointMass(values), code: values,
            likelihood: Independent(Normal(mean: values, scale: 1)),
            encoderInput: batch.input, encode: { $0 }, decode: { $0 }, decoderParameters: { [] })
    }

    mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor.state("codebook", &codebook)
        visitor("weight", &weight)
        visitor.state("sums", &sums)
    }
}

private struct Pair: Module {
    var first: BatchNormalization
    var second: BatchNormalization
    func callAsFunction(_ x: Tensor, in context: inout PassContext) -> Tensor {
        second(first(x, in: &context) * 3 + 1, in: &context)
    }
    mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("first", &first)
        visitor("second", &second)
    }
}

/// State is known by its place in the model, not by the memory that it begins with.
@Suite struct StateTests {
    private func elements(_ tensor: Tensor) -> [Float] { tensor.elements(as: Float.self) }
    private let input = Tensor([1, 2, 3, 6] as [Float], shape: [4, 1])

    @Test func twoStatesThatBeginAsOneTensorAreTwo() throws {
        let model = Quantizer()
        var trainer = Trainer(
            model, objective: Objective(Reconstruction()), optimizer: Adam(for: model),
            plan: TrainingPlan(epochs: 1, batchSize: 2))
        try trainer.train(on: Examples(Tensor.ones([4, 2])))
        #expect(elements(trainer.model.codebook) == [3, 4])
        #expect(elements(trainer.model.sums) == [100, 200])
        #expect(elements(model.codebook) == [1, 2] && elements(model.sums) == [1, 2])
    }

    /// One pass in a differentiation scope, as a training loop of one's own has it.
    private func train<Model: Module>(
        _ model: inout Model, _ pass: (Model, inout PassContext) -> Tensor
    ) {
        var context = PassContext.training(RandomGenerator(seed: 0))
        _ = gradient(at: model) { square(pass($0, &context)).sum() }
        context.commit(to: &model)
    }

    @Test func oneLayerTwiceIsTwo() {
        let layer = BatchNormalization(1)
        var model = Pair(first: layer, second: layer)
        var expected = Pair(first: BatchNormalization(1), second: BatchNormalization(1))
        for _ in 0..<3 {
            train(&model) { $0(input, in: &$1) }
            train(&expected) { $0(input, in: &$1) }
        }
        #expect(isIdentical(model, expected))
        #expect(elements(model.first.runningMean) != elements(model.second.runningMean))
        #expect(elements(layer.runningMean) == [0])
    }

    @Test func oneLayerTwiceInARowIsTwo() {
        let norm = BatchNormalization(1)
        var generator = RandomGenerator(seed: 1)
        let dense = Dense(1, 1, using: &generator)
        var model = Sequential {
            norm
            dense
            norm
        }
        train(&model) { $0(input, in: &$1) }
        let states = model.allTensors.filter { $0.path.hasSuffix("runningMean") }
        #expect(states.map(\.path) == ["layers.0.runningMean", "layers.2.runningMean"])
        #expect(abs(states[0].tensor.scalar - 0.3) < 1e-6)
        #expect(states[1].tensor.scalar == 0 || states[1].tensor.scalar != states[0].tensor.scalar)
    }

    /// Both copies of a model go on from where they were copied.
    @Test func copiesAreTrainedApart() {
        var first = Quantizer()
        var second = first
        func pass(_ model: Quantizer, _ context: inout PassContext) -> Tensor {
            model.pass(Tensor.ones([1, 2]), in: &context).code
        }
        for _ in 0..<2 { train(&first, pass) }
        train(&second, pass)
        #expect(elements(first.codebook) == [3, 4] && elements(first.sums) == [100, 200])
        #expect(elements(second.codebook) == [2, 3] && elements(second.sums) == [10, 20])
    }

    /// New values that are one tensor do not make one state of two.
    @Test func statesThatBecomeOneTensorAreStillTwo() {
        var model = Quantizer()
        let same = Tensor([5, 5] as [Float])
        train(&model) { model, context in
            context.update(model.codebook, to: same)
            context.update(model.sums, to: same)
            return model.weight
        }
        train(&model) { model, context in
            context.update(model.sums, to: model.sums + 1)
            return model.weight
        }
        #expect(elements(model.codebook) == [5, 5] && elements(model.sums) == [6, 6])
    }

    /// What a pass has noted can be asked for with the state of the model outside of its scope.
    @Test func theModelOutsideKnowsWhatWasNoted() async {
        let layer = BatchNormalization(1)
        var context = PassContext.training(RandomGenerator(seed: 0))
        _ = gradient(at: layer) { $0(input, in: &context).sum() }
        #expect(abs(context.current(layer.runningMean).scalar - 0.3) < 1e-6)
        // There it is the one of several that began as one tensor that nobody can tell.
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            let model = Quantizer()
            var context = PassContext.training(RandomGenerator(seed: 0))
            _ = gradient(at: model) {
                $0.pass(Tensor.ones([1, 2]), in: &context).code.sum()
            }
            _ = context.current(model.sums)
        }
        #expect(message(of: result).contains("2 states of the pass began as this tensor"))
    }

    /// In arrays and optionals of modules places are counted through.
    @Test func partsOfAnyKindHaveTheirPlaces() {
        var parts = [Quantizer(), Quantizer()]
        parts[1] = parts[0]
        var context = PassContext.training(RandomGenerator(seed: 0))
        _ = gradient(at: parts) { parts in
            context.update(parts[1].sums, to: Tensor([7, 8] as [Float]))
            return parts[0].weight.sum()
        }
        var holder = Holder(parts: parts, part: nil)
        context.commit(to: &holder)
        #expect(elements(holder.parts[0].sums) == [1, 2])
        #expect(elements(holder.parts[1].codebook) == [1, 2])
        #expect(elements(holder.parts[1].sums) == [7, 8])
    }

    private struct Holder: Module {
        var parts: [Quantizer]
        var part: Quantizer?
        mutating func visit(_ visitor: inout ModuleVisitor) {
            visitor("parts", &parts)
            visitor("part", &part)
        }
    }

    /// Two parameters that begin as one tensor are two.
    @Test func parametersThatBeginAsOneTensorAreTwo() {
        struct Line: Module {
            var slope: Tensor
            var shift: Tensor
            mutating func visit(_ visitor: inout ModuleVisitor) {
                visitor("slope", &slope)
                visitor("shift", &shift)
            }
        }
        let start = Tensor([2] as [Float])
        var model = Line(slope: start, shift: start)
        let gradients = gradient(at: model) { (3 * $0.slope + $0.shift).sum() }
        #expect(gradients.slope.scalar == 3 && gradients.shift.scalar == 1)
        var optimizer = SGD(for: model, learningRate: 0.5)
        optimizer.update(&model, along: gradients)
        #expect(model.slope.scalar == 0.5 && model.shift.scalar == 1.5)
        #expect(start.scalar == 2)
    }

    /// Outside of a differentiation scope places are not known; where memory does not tell either,
    /// nothing is guessed.
    @Test func outsideOfAScopeOneTensorInTwoPlacesTraps() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            let layer = BatchNormalization(1)
            var model = Pair(first: layer, second: layer)
            var context = PassContext.training(RandomGenerator(seed: 0))
            _ = model(Tensor([1, 2] as [Float], shape: [2, 1]), in: &context)
            context.commit(to: &model)
        }
        #expect(
            message(of: result).contains(
                "first.runningMean and second.runningMean hold the same tensor"))
    }

    @Test func aPassOfAnotherModelIsNotTaken() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            let model = BatchNormalization(1)
            var other = BatchNormalization(1)
            var context = PassContext.training(RandomGenerator(seed: 0))
            _ = gradient(at: model) {
                $0(Tensor([1, 2] as [Float], shape: [2, 1]), in: &context).sum()
            }
            context.commit(to: &other)
        }
        #expect(message(of: result).contains("2 of 2 new states belong to no layer"))
    }
}
