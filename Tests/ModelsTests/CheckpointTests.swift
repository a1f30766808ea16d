import Autograd
import Datasets
import Testing

@testable import Models

@Suite struct CheckpointTests {
    private let folder = TemporaryFolder()
    private var path: String { folder.file("model.safetensors") }

    /// Two layers and a tensor of state.
    struct Model: Module {
        var layers: [Dense]
        var steps = Tensor([0] as [Int32], shape: [])

        init(_ sizes: Int..., seed: UInt64 = 1) {
            var generator = RandomGenerator(seed: seed)
            layers = zip(sizes, sizes.dropFirst()).map { Dense($0, $1, using: &generator) }
        }

        mutating func visit(_ visitor: inout ModuleVisitor) {
            visitor("layers", &layers)
            visitor.state("steps", &steps)
        }
    }

    /// What ``Model`` was renamed to, in a part of another model.
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

        func callAsFunction(_ batch: Batch, in context: inout Context) -> Tensor { batch.input }

        mutating func visit(_ visitor: inout ModuleVisitor) { visitor("network", &network) }
    }

    /// A file of before a renaming is still read: of a model, and of a program with the state of its
    /// optimiser.
    @Test func renamedPartsAreFound() throws {
        var saved = Model(3, 4, 2)
        saved.steps = Tensor([5] as [Int32], shape: [])
        try saved.save(to: path)
        var network = Renamed.Network(body: Model(3, 4, 2, seed: 2).layers)
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
        func callAsFunction(_ pass: Pass<Tensor>) -> Tensor { pass.output.sum(axes: [1]) }
    }

    @Test func aModelIsLoadedToTheSameBits() throws {
        var saved = Model(3, 4, 2)
        saved.steps = Tensor([5] as [Int32], shape: [])
        try saved.save(to: path)
        var loaded = Model(3, 4, 2, seed: 2)
        try loaded.load(from: path)
        #expect(isIdentical(loaded, saved))
        #expect(loaded.steps.scalar == 5)
    }

    @Test(arguments: [
        (Model(3, 5, 2), "\"layers.0.weight\" to be float32 of shape [5, 3]", "[4, 3]"),
        (Model(3, 4, 2, 2), "\"layers.2.weight\", float32 of shape [2, 2]", "no tensor"),
        (Model(3, 4), "only tensors of the Model", "\"layers.1.bias\""),
        (Model(3, 4, 2).cast(to: .float64), "float64 of shape [4, 3]", "float32 of shape [4, 3]"),
    ])
    func anotherModelIsRefusedAndUnchanged(
        _ other: Model, expected: String, found: String
    ) throws {
        try Model(3, 4, 2).save(to: path)
        var model = other
        let error = #expect(throws: FileError.self) { try model.load(from: path) }
        #expect(error?.path == path)
        #expect(error?.expected.contains(expected) == true, "\(error!)")
        #expect(error?.found.contains(found) == true, "\(error!)")
        #expect(isIdentical(model, other))
    }

    @Test func oneOfSeveralModulesIsLoadedByItsPrefix() throws {
        let (first, second) = (Model(2, 3), Model(4, 1))
        try Checkpoint.write([("model", first), ("modeller", second)], state: 7, to: path)
        var (model, modeller) = (Model(2, 3, seed: 5), Model(4, 1, seed: 6))
        try model.load(from: path, prefix: "model.")
        try modeller.load(from: path, prefix: "modeller.")
        #expect(isIdentical(model, first))
        #expect(isIdentical(modeller, second))
    }

    @Test func aCheckpointWithAModuleThatNobodyTakesIsRefused() throws {
        try Checkpoint.write([("model", Model(2, 3)), ("more", Model(2, 3))], state: 7, to: path)
        var checkpoint = try Checkpoint(contentsOf: path)
        #expect(try checkpoint.state(as: Int.self) == 7)
        #expect(throws: FileError.self) { try checkpoint.state(as: String.self) }
        var model = Model(2, 3)
        try checkpoint.take("model", into: &model)
        let error = #expect(throws: FileError.self) { try checkpoint.finish() }
        #expect(error?.found.contains("more.layers.0.bias") == true)
    }

    @Test func aFileThatIsNoCheckpointIsRefused() throws {
        try Model(2, 3).save(to: path)
        let checkpoint = try Checkpoint(contentsOf: path)
        let error = #expect(throws: FileError.self) { try checkpoint.state(as: Int.self) }
        #expect(error?.expected.contains("checkpoint") == true)
        try Safetensors(Model(2, 3).tensorsByPath).write(to: path, withChecksum: false)
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

/// Whether two modules have the same tensors under the same paths, to the last bit.
func isIdentical<First: Module, Second: Module>(_ first: First, _ second: Second) -> Bool {
    let (first, second) = (first.tensorsByPath, second.tensorsByPath)
    return first.count == second.count
        && first.allSatisfy { second[$0.key]?.isIdentical(to: $0.value) == true }
}
