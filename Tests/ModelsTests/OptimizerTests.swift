import Autograd
import Foundation
import Testing

@testable import Models

/// A model of one parameter.
private struct Point: Module {
    var position: Tensor
    mutating func visit(_ visitor: inout ModuleVisitor) { visitor("position", &position) }
}

/// An optimiser with where it takes a parameter that starts at 1, along the gradients ½, −1, 2,
/// at learning rate 0.1.
struct OptimizerCase: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let make: @Sendable (any Module) -> any Optimizer
    let positions: [Double]

    init<Rule: Optimizer>(
        _ name: String, _ positions: [Double], _ make: @escaping @Sendable (any Module) -> Rule
    ) {
        testDescription = name
        self.positions = positions
        self.make = make
    }

    static let all = [
        // 1 − 0.05, + 0.1, − 0.2.
        OptimizerCase("SGD", [0.95, 1.05, 0.85]) { SGD(for: $0, learningRate: 0.1) },
        // v = 0.5; 0.45 − 1 = −0.55; −0.495 + 2 = 1.505, a tenth of each.
        OptimizerCase("SGD with momentum", [0.95, 1.005, 0.8545]) {
            SGD(for: $0, learningRate: 0.1, momentum: 0.9)
        },
        // g + 0.9 v = 0.5 + 0.45; −1 − 0.495; 2 + 1.3545.
        OptimizerCase("SGD with Nesterov's momentum", [0.905, 1.0545, 0.71905]) {
            SGD(for: $0, learningRate: 0.1, momentum: 0.9, nesterov: true)
        },
        // g + 0.1 p = 0.6; −1 + 0.094; 2 + 0.10306.
        OptimizerCase("SGD with weight decay", [0.94, 1.0306, 0.820294]) {
            SGD(for: $0, learningRate: 0.1, weightDecay: 0.1)
        },
        // s = 0.25, 1.25, 5.25; steps 0.5 / 0.5, −1 / √1.25, 2 / √5.25.
        OptimizerCase("Adagrad", [0.90000000002, 0.9894427191119917, 0.9021555630214042]) {
            Adagrad(for: $0, learningRate: 0.1)
        },
        // s = 0.025, 0.0225 + 0.1, 0.11025 + 0.4; steps 0.5 / √0.025, −1 / 0.35, 2 / √0.51025.
        OptimizerCase("RMSProp", [0.6837722539831608, 0.9694865315341814, 0.6894991346033924]) {
            RMSProp(for: $0, learningRate: 0.1)
        },
        // The same steps u; v = u₁, u₁ / 2 + u₂, …
        OptimizerCase(
            "RMSProp with momentum", [0.6837722539831608, 0.8113726585257618, 0.5951854638662732]
        ) { RMSProp(for: $0, learningRate: 0.1, momentum: 0.5) },
        // m = 0.05, −0.055, 0.1505, over 1 − 0.9ᵗ: 0.5, −0.28947, 0.55535;
        // v = 0.00025, 0.00124975, 0.00524850025, over 1 − 0.999ᵗ: 0.25, 0.62519, 1.75125.
        OptimizerCase("Adam", [0.9000000019999999, 0.9366103542405653, 0.8946447927181044]) {
            Adam(for: $0, learningRate: 0.1)
        },
        // The first step is 0.1 · 0.5 / (0.5 + 0.1): ε is added to the corrected root.
        OptimizerCase(
            "Adam with a large epsilon",
            [0.9166666666666666, 0.9491666742648452, 0.9101494815304507]
        ) { Adam(for: $0, learningRate: 0.1, epsilon: 0.1) },
        // As Adam along g + 0.1 p.
        OptimizerCase(
            "Adam with weight decay", [0.9000000016666666, 0.9252635194456063, 0.8776172608049326]
        ) { Adam(for: $0, learningRate: 0.1, weightDecay: 0.1) },
        // As Adam, from 0.99 p each time.
        OptimizerCase("AdamW", [0.8900000019999998, 0.9177103542205652, 0.8665676891558987]) {
            AdamW(for: $0, learningRate: 0.1, weightDecay: 0.1)
        },
    ]
}

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
                    var context = Context.training(RandomGenerator(seed: UInt64(step)))
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
        #expect(result.trapMessage.contains("Adam: made for another model: no parameter weight"))
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
            result.trapMessage.contains(
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
            result.trapMessage.contains(
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
            #expect(result.trapMessage.contains("the \(name) is \(value), not a"))
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
                result.trapMessage.contains(
                    "\(name): the learning rate is -1.0, not a finite number from 0"))
        }
    }

    @Test func schedulesAndAveragesAreCheckedAsWell() async {
        var result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) { _ = Schedule { _ in -.nan }.factor(at: 3) }
        #expect(result.trapMessage.contains("Schedule: the factor of step 3 is"))
        result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) { _ = Schedule.cosine(steps: 3, to: -1) }
        #expect(result.trapMessage.contains("Schedule: the factor at the end is -1.0, not a"))
        result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) { _ = ExponentialMovingAverage(of: Point(position: Tensor([1.0])), decay: 1) }
        #expect(
            result.trapMessage.contains(
                "ExponentialMovingAverage: the decay is 1.0, not a number from 0 to below 1"))
    }

    @Test func nesterovWithoutMomentumTraps() async {
        await #expect(processExitsWith: .failure) {
            _ = SGD(for: Point(position: Tensor(1)), learningRate: 1, nesterov: true)
        }
    }
}

@Suite struct OptimizerAverageTests {
    private func point(_ value: Double) -> Point { Point(position: Tensor([value])) }

    // From 8 with decay ½ over 4 and 2: (8 + 4) / 2 = 6, (6 + 2) / 2 = 4.
    @Test func averagesWithExponentialWeights() {
        var average = ExponentialMovingAverage(of: point(8), decay: 0.5)
        #expect(average.model.position.scalar == 8)
        average.update(with: point(4))
        #expect(average.model.position.scalar == 6)
        average.update(with: point(2))
        #expect(average.model.position.scalar == 4)
    }

    // From 0: 2 over 1 − ½ is 4; (2 + 2) / 2 = 2 over 1 − ¼ is 8/3.
    @Test func correctedForItsStart() {
        var average = ExponentialMovingAverage(of: point(8), decay: 0.5, correctsBias: true)
        average.update(with: point(4))
        #expect(average.model.position.scalar == 4)
        average.update(with: point(2))
        #expect(abs(average.model.position.scalar - 8.0 / 3) < 1e-15)
        #expect(average.allTensors.map(\.path) == ["average.position", "steps"])
        #expect(average.parameters.isEmpty)
    }

    @Test func stateIsTheLatest() {
        var model = BatchNormalization(1)
        var average = ExponentialMovingAverage(of: model, decay: 0.5)
        model.runningMean = Tensor([5] as [Float])
        model.weight = Tensor([3] as [Float])
        average.update(with: model)
        #expect(average.model.runningMean.scalar == 5)
        #expect(average.model.weight.scalar == 2)
    }

    @Test func theModelItselfStays() {
        let model = point(8)
        var average = ExponentialMovingAverage(of: model, decay: 0.5)
        average.update(with: point(0))
        #expect(model.position.scalar == 8)
    }

    @Test func correctedWithoutStepsTraps() async {
        await #expect(processExitsWith: .failure) {
            _ =
                ExponentialMovingAverage(
                    of: BatchNormalization(1), decay: 0.5, correctsBias: true
                ).model
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
