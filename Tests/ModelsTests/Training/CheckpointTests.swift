import Autograd
import Datasets
import FileSupport
import ModelTestSupport
import TestSupport
import Testing

@testable import Models

@Suite struct CheckpointTests {
    private let folder = TemporaryFolder()
    private var path: String { folder.file("model.safetensors") }

    /// What ``TestNetwork`` was renamed to, in a part of another model.
    struct Renamed: Trainable {
        var network: Network

        struct Network: Module {
            var body: [Dense]
            var count = Tensor([0] as [Int32], shape: [])

            static let formerNames = ["body": "layers", "count": "steps"]

            mutating func visit(_ visitor: inout ModuleVisitor) {
                visitor("body", &body)
                visitor.state("count", &count)
            }
        }

        static let formerNames = ["network": "inner"]

        func callAsFunction(_ batch: Batch, in context: inout PassContext) -> Tensor { batch.input }

        mutating func visit(_ visitor: inout ModuleVisitor) { visitor("network", &network) }
    }

    /// A file of before a renaming is still read: of a model, and of a program with the state of its
    /// optimiser.
    @Test func renamedPartsAreFound() throws {
        var saved = TestNetwork(3, 4, 2)
        saved.steps = Tensor([5] as [Int32], shape: [])
        try saved.save(to: path)
        var network = Renamed.Network(body: TestNetwork(3, 4, 2, seed: 2).layers)
        try network.load(from: path)
        #expect(network.count.scalar == 5)
        #expect(network.body[1].weight.isIdentical(to: saved.layers[1].weight))

        let model = Renamed(network: network)
        let program = SingleObjective(
            model, objective: Objective<Tensor>(Nothing()), optimizer: Adam(for: model))
        var tensors = program.tensorsByPath
        for name in tensors.keys {
            let former = name.replacing("network.", with: "inner.")
                .replacing("body.", with: "layers.").replacing("count", with: "steps")
            if former != name { tensors[former] = tensors.removeValue(forKey: name)! * 1 + 1 }
        }
        #expect(tensors["optimizer.firstMoment.inner.layers.0.bias"] != nil)
        try Safetensors(tensors).write(to: path)
        var loaded = program
        try loaded.load(from: path)
        #expect(loaded.model.network.count.scalar == 6)
        let expected = program.allTensors.map {
            $0.path.contains("network.") ? $0.tensor + 1 : $0.tensor
        }
        #expect(
            zip(loaded.allTensors, expected).allSatisfy { $0.tensor.isIdentical(to: $1) })
    }

    private struct Nothing: ObjectiveTerm {
        var name: String { "nothing" }
        func callAsFunction(_ pass: ForwardPass<Tensor>) -> Tensor { pass.output.sum(axes: [1]) }
    }

    @Test func aModelIsLoadedToTheSameBits() throws {
        var saved = TestNetwork(3, 4, 2)
        saved.steps = Tensor([5] as [Int32], shape: [])
        try saved.save(to: path)
        var loaded = TestNetwork(3, 4, 2, seed: 2)
        try loaded.load(from: path)
        #expect(isIdentical(loaded, saved))
        #expect(loaded.steps.scalar == 5)
    }

    /// Layers without parameters once counted: what was saved then loads, with the state of its
    /// optimiser, also where an old name is that of another layer today.
    @Test func layersThatWereNumberedOtherwiseAreFound() throws {
        struct Model: Trainable {
            var body: Sequential

            func callAsFunction(_ batch: Batch, in context: inout PassContext) -> Tensor {
                body(batch.input, in: &context)
            }

            mutating func visit(_ visitor: inout ModuleVisitor) { visitor("body", &body) }
        }
        var generator = RandomGenerator(seed: 3)
        let model = Model(
            body: Sequential {
                Flatten()
                for _ in 0..<3 {
                    Dense(2, 2, using: &generator)
                    Activation(.tanh)
                }
            })
        #expect(model.parameters.map(\.path).suffix(1) == ["body.layers.2.bias"])
        let program = SingleObjective(
            model, objective: Objective<Tensor>(Nothing()), optimizer: Adam(for: model))
        var old: [String: Tensor] = [:]
        for (name, tensor) in program.tensorsByPath {
            var former = name
            for number in 0..<3 {
                former = former.replacing("layers.\(number).", with: "layers.\(2 * number + 1)_.")
            }
            old[former.replacing("_", with: "")] = tensor
        }
        #expect(old["model.body.layers.5.bias"] != nil)
        for (name, tensor) in old where name.hasSuffix("weight") { old[name] = tensor + 1 }
        try Safetensors(old).write(to: path)
        var loaded = program
        try loaded.load(from: path)
        for (before, after) in zip(program.allTensors, loaded.allTensors) {
            let expected = before.path.hasSuffix("weight") ? before.tensor + 1 : before.tensor
            #expect(after.tensor.isIdentical(to: expected), "\(before.path)")
        }
        var part = model
        #expect(try part.loadPart(from: path, prefix: "model.").missing.isEmpty)
        #expect(isIdentical(part, loaded.model))
    }

    @Test(arguments: [
        (TestNetwork(3, 5, 2), "\"layers.0.weight\" to be float32 of shape [5, 3]", "[4, 3]"),
        (TestNetwork(3, 4, 2, 2), "\"layers.2.weight\", float32 of shape [2, 2]", "no tensor"),
        (TestNetwork(3, 4), "only tensors of the TestNetwork", "\"layers.1.bias\""),
        (
            TestNetwork(3, 4, 2).cast(to: .float64), "float64 of shape [4, 3]",
            "float32 of shape [4, 3]"
        ),
    ])
    func anotherModelIsRefusedAndUnchanged(
        _ other: TestNetwork, expected: String, found: String
    ) throws {
        try TestNetwork(3, 4, 2).save(to: path)
        var model = other
        let error = #expect(throws: FileError.self) { try model.load(from: path) }
        #expect(error?.path == path)
        #expect(error?.expected.contains(expected) == true, "\(error!)")
        #expect(error?.found.contains(found) == true, "\(error!)")
        #expect(isIdentical(model, other))
    }

    @Test func oneOfSeveralModulesIsLoadedByItsPrefix() throws {
        let (first, second) = (TestNetwork(2, 3), TestNetwork(4, 1))
        try Checkpoint.write([("model", first), ("modeller", second)], state: 7, to: path)
        var (model, modeller) = (TestNetwork(2, 3, seed: 5), TestNetwork(4, 1, seed: 6))
        try model.load(from: path, prefix: "model.")
        try modeller.load(from: path, prefix: "modeller.")
        #expect(isIdentical(model, first))
        #expect(isIdentical(modeller, second))
    }

    @Test func aCheckpointWithAModuleThatNobodyTakesIsRefused() throws {
        try Checkpoint.write(
            [("model", TestNetwork(2, 3)), ("more", TestNetwork(2, 3))], state: 7, to: path)
        var checkpoint = try Checkpoint(contentsOf: path)
        #expect(try checkpoint.state(as: Int.self) == 7)
        #expect(throws: FileError.self) { try checkpoint.state(as: String.self) }
        var model = TestNetwork(2, 3)
        try checkpoint.take("model", into: &model)
        let error = #expect(throws: FileError.self) { try checkpoint.finish() }
        #expect(error?.found.contains("more.layers.0.bias") == true)
    }

    @Test func aFileThatIsNoCheckpointIsRefused() throws {
        try TestNetwork(2, 3).save(to: path)
        let checkpoint = try Checkpoint(contentsOf: path)
        let error = #expect(throws: FileError.self) { try checkpoint.state(as: Int.self) }
        #expect(error?.expected.contains("checkpoint") == true)
        try Safetensors(TestNetwork(2, 3).tensorsByPath).write(to: path, withChecksum: false)
        #expect(throws: FileError.self) { try Checkpoint(contentsOf: path) }
    }

    @Test func theGeneratorIsKeptExactly() throws {
        var generator = RandomGenerator(seed: .max)
        _ = generator.split()
        try Checkpoint.write([], state: generator.split(), to: path)
        let found = try Checkpoint(contentsOf: path).state(as: RandomGenerator.self)
        var again = RandomGenerator(seed: .max)
        _ = again.split()
        #expect(found == again.split())
    }
}
