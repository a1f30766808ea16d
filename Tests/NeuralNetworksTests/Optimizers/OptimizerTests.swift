import Autograd
import Foundation
import ModelTestSupport
import Models
import TestSupport
import Testing

@testable import NeuralNetworks

@Suite struct OptimizerTests {
    /// The steps of adaptive moments are one kernel: it equals the operations it stands for.
    @Test(arguments: [0.0, 0.01]) func adaptiveStepsEqualTheirCompositionToTheBit(_ decay: Double) {
        var generator = RandomGenerator(seed: 3)
        var model = Point(position: generator.normal([70_001]))
        var optimizer = AdamW(for: model, learningRate: 0.01, weightDecay: decay)
        var (parameter, first) = (model.position, Tensor.zeros(like: model.position))
        var second = first
        for step in 1...3 {
            let gradient = generator.normal([70_001])
            optimizer.update(&model, along: Point(position: gradient))
            let correction = (1 - Foundation.pow(0.999, Double(step))).squareRoot()
            let size = 0.01 * correction / (1 - Foundation.pow(0.9, Double(step)))
            first = first * 0.9 + (1 - 0.9) * gradient
            second = second * 0.999 + (1 - 0.999) * gradient * gradient
            if decay > 0 { parameter = parameter * (1 - 0.01 * decay) }
            parameter = parameter - size * first / (sqrt(second) + 1e-8 * correction)
            #expect(model.position.isIdentical(to: parameter))
        }
    }

    @Test(arguments: OptimizerCase.all) func handWorkedSteps(_ test: OptimizerCase) {
        func steps(_ optimizer: some Optimizer, _ start: Point) -> [Double] {
            var (optimizer, model) = (optimizer, start)
            return [0.5, -1, 2].map { slope in
                let gradients = Point(position: Tensor([slope]))
                optimizer.update(&model, along: gradients)
                return model.position.scalar
            }
        }
        let start = Point(position: Tensor([1.0]))
        let found = steps(test.make(start), start)
        for (found, expected) in zip(found, test.positions) {
            #expect(abs(found - expected) < 1e-14)
        }
        #expect(found.count == 3 && test.positions.count == 3)
    }

    /// Down (x − 3)² + 10 (y + 1)², which is ill-conditioned enough to tell.
    @Test(arguments: OptimizerCase.all) func convergesOnAQuadratic(_ test: OptimizerCase) {
        func minimize(_ optimizer: some Optimizer) -> Point {
            var (optimizer, model) = (optimizer, Point(position: Tensor.zeros([2])))
            let goal = Tensor([3, -1] as [Float])
            for step in 0..<2000 {
                let gradients = gradient(at: model) {
                    (square($0.position - goal) * Tensor([1, 10] as [Float])).sum()
                }
                // Adagrad slows down by itself, the others with the schedule.
                let isAdagrad = optimizer is Adagrad
                optimizer.learningRate = isAdagrad ? 1 : 0.04 * max(0, 1 - Double(step) / 2000)
                optimizer.update(&model, along: gradients)
            }
            return model
        }
        let model = minimize(test.make(Point(position: Tensor.zeros([2]))))
        let found = model.position.elements(as: Float.self)
        // Weight decay draws a little towards zero: by a twentieth where it is 0.1.
        let tolerance: Float =
            test.testDescription.contains("decay") || test.testDescription == "AdamW" ? 0.2 : 1e-2
        #expect(abs(found[0] - 3) < tolerance && abs(found[1] + 1) < tolerance, "\(found)")
    }

    @Test(arguments: OptimizerCase.all)
    func stateIsNamedAfterParameters(_ test: OptimizerCase) {
        var generator = RandomGenerator(seed: 1)
        let model = Sequential { Dense(2, 3, using: &generator) }
        let names = test.make(model).allTensors.map(\.path)
        #expect(test.make(model).parameters.isEmpty)
        let owners = ["layers.0.weight", "layers.0.bias"]
        let kinds: [String] =
            switch test.testDescription {
            case "SGD", "SGD with weight decay": []
            case "SGD with momentum", "SGD with Nesterov's momentum": ["velocity"]
            case "Adagrad": ["sumOfSquares"]
            case "RMSProp": ["meanSquare"]
            case "RMSProp with momentum": ["meanSquare", "velocity"]
            default: ["firstMoment", "secondMoment"]
            }
        let counts = test.testDescription.hasPrefix("Adam") ? ["steps"] : []
        #expect(names == kinds.flatMap { kind in owners.map { kind + "." + $0 } } + counts)
        for (path, tensor) in test.make(model).allTensors where path != "steps" {
            #expect(tensor.shape == (path.hasSuffix("weight") ? [3, 2] : [3]))
        }
    }

    /// Saved after two steps and restored into a fresh one, an optimiser takes the same third.
    @Test(arguments: OptimizerCase.all) func restoredStateGoesOn(_ test: OptimizerCase) {
        func check(_ optimizer: some Optimizer) {
            var (optimizer, model) = (optimizer, Point(position: Tensor([1, -2] as [Float])))
            var fresh = optimizer
            func step(_ optimizer: inout some Optimizer, _ model: inout Point) {
                let gradients = gradient(at: model) { square($0.position).sum() }
                optimizer.update(&model, along: gradients)
            }
            step(&optimizer, &model)
            step(&optimizer, &model)
            var saved = optimizer.allTensors.makeIterator()
            fresh.visitAll { _, _, tensor in tensor = saved.next()!.tensor }
            var other = model
            step(&optimizer, &model)
            step(&fresh, &other)
            #expect(model.position.isIdentical(to: other.position))
        }
        check(test.make(Point(position: Tensor.zeros([2]))))
    }

    /// Neither parameters nor state move in memory, so that nothing is copied and nothing kept.
    @Test(arguments: OptimizerCase.all) func updatesInPlace(_ test: OptimizerCase) {
        func addresses(_ module: some Module) -> [UnsafeRawPointer?] {
            module.allTensors.filter { $0.tensor.dataType == .float32 }
                .map { $0.tensor.withUnsafeBytes { $0.baseAddress } }
        }
        func check(_ optimizer: some Optimizer) {
            var optimizer = optimizer
            var generator = RandomGenerator(seed: 1)
            var model = Sequential { Dense(20, 30, using: &generator) }
            let input = generator.normal([4, 20])
            // The first step gives each its own memory, where it was shared with a copy.
            var before: [UnsafeRawPointer?] = []
            for step in 0..<2 {
                let gradients = gradient(at: model) { square($0(input)).sum() }
                before = addresses(model) + addresses(optimizer)
                optimizer.update(&model, along: gradients)
                if step == 0 { continue }
                #expect(addresses(model) + addresses(optimizer) == before)
            }
        }
        var generator = RandomGenerator(seed: 1)
        check(test.make(Sequential { Dense(20, 30, using: &generator) }))
    }

    @Test(arguments: OptimizerCase.all) func aSnapshotStays(_ test: OptimizerCase) {
        func check(_ optimizer: some Optimizer) {
            var (optimizer, model) = (optimizer, Point(position: Tensor([1, 2] as [Float])))
            for _ in 0..<2 {
                let (snapshot, copy) = (model, optimizer)
                let before = (snapshot.allTensors + copy.allTensors).map(\.tensor.description)
                optimizer.update(&model, along: Point(position: Tensor([1, 1] as [Float])))
                let after = (snapshot.allTensors + copy.allTensors).map(\.tensor.description)
                #expect(before == after)
                #expect(!model.position.isIdentical(to: snapshot.position))
            }
        }
        check(test.make(Point(position: Tensor([1, 2] as [Float]))))
    }

    @Test(arguments: OptimizerCase.all) func sameSeedSameBits(_ test: OptimizerCase) {
        func trained() -> [Tensor] {
            var generator = RandomGenerator(seed: 4)
            let model = Sequential {
                Dense(5, 8, using: &generator)
                Activation(.tanh)
                Dropout(0.3)
                Dense(8, 1, using: &generator)
            }
            let input = generator.normal([6, 5])
            func train(_ optimizer: some Optimizer) -> [Tensor] {
                var (optimizer, model) = (optimizer, model)
                for step in 0..<3 {
                    var context = PassContext.training(RandomGenerator(seed: UInt64(step)))
                    let gradients = gradient(at: model) { square($0(input, in: &context)).sum() }
                    optimizer.update(&model, along: gradients)
                }
                return model.allTensors.map(\.tensor) + optimizer.allTensors.map(\.tensor)
            }
            return train(test.make(model))
        }
        let (first, second) = (trained(), trained())
        #expect(first.count == second.count && !first.isEmpty)
        #expect(zip(first, second).allSatisfy { $0.isIdentical(to: $1) })
    }

    @Test func anotherModelTraps() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            var generator = RandomGenerator(seed: 0)
            var optimizer = Adam(for: Point(position: Tensor([1.0])))
            var model = Dense(1, 1, using: &generator)
            optimizer.update(&model, along: model)
        }
        #expect(message(of: result).contains("Adam: made for another model: no parameter weight"))
    }

    @Test func aModelOfOtherShapesTraps() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            var generator = RandomGenerator(seed: 0)
            var optimizer = Adam(for: Dense(3, 1, using: &generator))
            var model = Dense(3, 3, using: &generator)
            optimizer.update(&model, along: model)
        }
        #expect(
            message(of: result).contains(
                "Adam: made for another model: there weight has shape [1, 3], here [3, 3]"))
    }

    @Test func aMisshapenGradientTraps() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            var model = Point(position: Tensor([1.0]))
            var optimizer = SGD(for: model, learningRate: 1)
            optimizer.update(&model, along: Point(position: Tensor([1.0, 2])))
        }
        #expect(
            message(of: result).contains(
                "SGD: position has shape [1], but its gradient is of shape [2]"))
    }

    /// Every optimiser says which of its numbers makes no sense.
    @Test(arguments: [
        "learning rate", "weight decay", "momentum", "decay", "first decay", "second decay",
        "epsilon", "initial sum",
    ])
    func ratesThatMakeNoSenseTrap(_ name: String) async {
        // As texts: what a child process is given must be finite.
        for value in ["-0.1", "nan", "inf"] {
            let result = await #expect(
                processExitsWith: .failure, observing: [\.standardErrorContent]
            ) { [name = name as String, value = value as String] in
                let value = Double(value) ?? 1
                let point = Point(position: Tensor([1.0]))
                switch name {
                case "learning rate": _ = Adam(for: point, learningRate: value)
                case "weight decay": _ = Adam(for: point, weightDecay: value)
                case "momentum": _ = SGD(for: point, learningRate: 1, momentum: value)
                case "decay": _ = RMSProp(for: point, decay: value)
                case "first decay": _ = AdamW(for: point, firstDecay: value)
                case "second decay": _ = SparseAdam(for: point.position, secondDecay: value)
                case "epsilon": _ = Adagrad(for: point, epsilon: value)
                default: _ = Adagrad(for: point, initialSum: value)
                }
            }
            #expect(message(of: result).contains("the \(name) is \(value), not a"))
        }
    }

    @Test(arguments: ["SGD", "Adam", "AdamW", "RMSProp", "Adagrad", "SparseSGD", "SparseAdam"])
    func learningRatesAreCheckedAlike(_ name: String) async {
        for isSetLater in [false, true] {
            let result = await #expect(
                processExitsWith: .failure, observing: [\.standardErrorContent]
            ) { [name = name as String, isSetLater = isSetLater as Bool] in
                let point = Point(position: Tensor([1.0]))
                let rate = isSetLater ? 0.1 : -1
                switch name {
                case "SGD": setBelowZero(SGD(for: point, learningRate: rate))
                case "Adam": setBelowZero(Adam(for: point, learningRate: rate))
                case "AdamW": setBelowZero(AdamW(for: point, learningRate: rate))
                case "RMSProp": setBelowZero(RMSProp(for: point, learningRate: rate))
                case "Adagrad": setBelowZero(Adagrad(for: point, learningRate: rate))
                case "SparseSGD": setBelowZero(SparseSGD(learningRate: rate))
                default: setBelowZero(SparseAdam(for: point.position, learningRate: rate))
                }
            }
            #expect(
                message(of: result).contains(
                    "\(name): the learning rate is -1.0, not a finite number from 0"))
        }
    }

    @Test func schedulesAndAveragesAreCheckedAsWell() async {
        var result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) { _ = Schedule { _ in -.nan }.factor(at: 3) }
        #expect(message(of: result).contains("Schedule: the factor of step 3 is"))
        result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) { _ = Schedule.cosine(steps: 3, to: -1) }
        #expect(message(of: result).contains("Schedule: the factor at the end is -1.0, not a"))
        result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) { _ = ExponentialMovingAverage(of: Point(position: Tensor([1.0])), decay: 1) }
        #expect(
            message(of: result).contains(
                "ExponentialMovingAverage: the decay is 1.0, not a number from 0 to below 1"))
    }

    @Test func nesterovWithoutMomentumTraps() async {
        await #expect(processExitsWith: .failure) {
            _ = SGD(for: Point(position: Tensor(1)), learningRate: 1, nesterov: true)
        }
    }
}

private func setBelowZero(_ optimizer: some Optimizer) {
    var optimizer = optimizer
    optimizer.learningRate = -1
}

private func setBelowZero(_ optimizer: some SparseOptimizer) {
    var optimizer = optimizer
    optimizer.learningRate = -1
}
