import Autograd
import ModelTestSupport
import Models
import TestSupport
import Testing

@testable import NeuralNetworks

/// A module with a part of every kind.
private struct Nest: Module {
    var scale: Tensor
    var shift: Tensor?
    var absent: Tensor?
    var first: Dense
    var spare: Dense?
    var missing: Dense?
    var rows: [Dense]
    var layers: [any Layer]
    var count = Tensor([3] as [Int32])
    /// Neither of these holds tensors, though nil and [] can be cast to what does.
    var note: Double?
    var sizes: [Int] = []

    init(using generator: inout RandomGenerator) {
        scale = generator.normal([2])
        shift = generator.normal([3])
        first = Dense(1, 2, using: &generator)
        spare = Dense(2, 1, hasBias: false, using: &generator)
        rows = [Dense(1, 1, using: &generator), Dense(1, 1, hasBias: false, using: &generator)]
        layers = [Activation(.relu), BatchNormalization(2)]
    }

    mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("scale", &scale)
        visitor("shift", &shift)
        visitor("absent", &absent)
        visitor("first", &first)
        visitor("spare", &spare)
        visitor("missing", &missing)
        visitor("rows", &rows)
        visitor("layers", &layers)
        visitor.state("count", &count)
    }
}

private struct Forgetful<Part: Sendable>: Module {
    var kept = Tensor(1)
    var forgotten: Part
    mutating func visit(_ visitor: inout ModuleVisitor) { visitor("kept", &kept) }
}

private struct Repetitive: Module {
    var weight = Tensor(1)
    mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("weight", &weight)
        visitor("weight", &weight)
    }
}

/// A module whose part counts as state.
private struct Frozen: Module {
    var weight = Tensor(1)
    var teacher: Nest
    mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("weight", &weight)
        visitor.state("teacher", &teacher)
    }
}

@Suite struct ModuleTests {
    private var nest: Nest {
        var generator = RandomGenerator(seed: 1)
        return Nest(using: &generator)
    }

    @Test func pathsAndOrder() {
        #expect(
            nest.parameters.map(\.path) == [
                "scale", "shift", "first.weight", "first.bias", "spare.weight", "rows.0.weight",
                "rows.0.bias", "rows.1.weight", "layers.0.weight", "layers.0.bias",
            ])
        let all = nest.allTensors.map(\.path)
        #expect(
            Array(all.suffix(3)) == ["layers.0.runningMean", "layers.0.runningVariance", "count"])
        #expect(all.count == 13)
        #expect(nest.parameterCount == 2 + 3 + 2 + 2 + 2 + 1 + 1 + 1 + 2 + 2)
        #expect(nest.tensors.count == 10)
    }

    @Test func summaryNamesEveryParameter() {
        let lines = nest.summary.split(separator: "\n")
        #expect(lines.count == 11)
        #expect(lines.last == "18 parameters")
        #expect(lines[2].hasPrefix("first.weight") && lines[2].contains("[2, 1]"))
    }

    @Test func aPartAsState() {
        let frozen = Frozen(teacher: nest)
        #expect(frozen.parameters.map(\.path) == ["weight"])
        #expect(
            frozen.allTensors.map(\.path) == ["weight"]
                + nest.allTensors.map { "teacher." + $0.path })
    }

    @Test func copiesAreCopies() {
        var model = nest
        let copy = model
        model.visitAll { _, _, tensor in tensor = tensor + tensor }
        model.visitTensors { $0 += Tensor(1) }
        for (changed, (kept, original)) in zip(
            model.allTensors, zip(copy.allTensors, nest.allTensors))
        {
            #expect(kept.tensor.isIdentical(to: original.tensor), "\(kept.path)")
            #expect(
                !changed.tensor.isIdentical(to: kept.tensor)
                    || changed.path.hasSuffix("runningMean"),
                "\(changed.path)")
        }
    }

    @Test func castsAllThatIsFloatingPoint() {
        let types = nest.cast(to: .float64).allTensors.map(\.tensor.dataType)
        #expect(types == [DataType](repeating: .float64, count: 12) + [.int32])
    }

    @Test func theGradientIsAModule() {
        let gradients = gradient(at: nest) { square($0.scale).sum() + $0.rows[1].weight.sum() }
        #expect(gradients.scale.isIdentical(to: 2 * nest.scale))
        #expect(gradients.rows[1].weight.scalar == 1)
        #expect(gradients.first.weight.isIdentical(to: Tensor.zeros([2, 1])))
    }

    @Test func forgettingATensorTraps() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) { _ = Forgetful(forgotten: Tensor(1)).parameters }
        #expect(message(of: result).contains("does not name the property \"forgotten\""))
    }

    @Test func forgettingAModuleTraps() async {
        await #expect(processExitsWith: .failure) {
            _ = Forgetful(forgotten: BatchNormalization(1)).parameters
        }
    }

    @Test func forgettingAnAbsentPartTraps() async {
        await #expect(processExitsWith: .failure) {
            _ = Forgetful(forgotten: Dense?.none).parameters
        }
    }

    @Test func forgettingAnEmptyArrayOfPartsTraps() async {
        await #expect(processExitsWith: .failure) {
            _ = Forgetful(forgotten: [any Layer]()).parameters
        }
    }

    @Test func forgettingADictionaryTraps() async {
        await #expect(processExitsWith: .failure) {
            _ = Forgetful(forgotten: ["part": Tensor(1)]).parameters
        }
    }

    @Test func whatHoldsNoTensorsNeedNotBeNamed() {
        #expect(Forgetful(forgotten: Double?.none).parameterCount == 1)
        #expect(Forgetful(forgotten: [Int]()).parameterCount == 1)
        #expect(Forgetful(forgotten: "text").parameterCount == 1)
        #expect(Forgetful(forgotten: ActivationFunction.relu).parameterCount == 1)
    }

    @Test func namingTwiceTraps() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) { _ = Repetitive().parameters }
        #expect(message(of: result).contains("names \"weight\" twice"))
    }

    @Test func theContextKeepsTheLatestValue() {
        var context = PassContext.training(RandomGenerator(seed: 0))
        let layer = BatchNormalization(2)
        context.update(layer.runningMean, to: Tensor([1, 2] as [Float]))
        context.update(layer.runningMean, to: Tensor([3, 4] as [Float]))
        #expect(context.current(layer.runningMean).elements(as: Float.self) == [3, 4])
        #expect(layer.runningMean.elements(as: Float.self) == [0, 0])
        var model = layer
        context.commit(to: &model)
        #expect(model.runningMean.elements(as: Float.self) == [3, 4])
        #expect(context.current(layer.runningMean).elements(as: Float.self) == [0, 0])
    }

    @Test func aStateKeepsItsShape() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            var context = PassContext.training(RandomGenerator(seed: 0))
            context.update(Tensor.zeros([2]), to: Tensor.zeros([3]))
        }
        #expect(message(of: result).contains("state of shape [2] updated to shape [3]"))
    }
}
