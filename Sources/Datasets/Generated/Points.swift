import Autograd
import Foundation

extension Dataset {
    /// Points on three rings around the origin of radius 1, 2 and 3, with normal noise of standard
    /// deviation 0.1: `float32`, [n, 2]. The labels are the rings, 0 the innermost.
    public static func rings(
        trainingCount: Int = 4000, testCount: Int = 1000, seed: UInt64 = 0
    ) -> Dataset {
        func examples(_ count: Int, _ generator: inout RandomGenerator) -> Examples {
            let angles = generator.uniform([count], dataType: .float64).elements(as: Double.self)
            let noise = generator.normal([count, 2], standardDeviation: 0.1)
            var points: [Float] = []
            for (index, angle) in angles.enumerated() {
                let radius = Double(index % 3 + 1)
                points.append(Float(radius * cos(2 * .pi * angle)))
                points.append(Float(radius * sin(2 * .pi * angle)))
            }
            return Examples(
                inputs: Tensor(points, shape: [count, 2]) + noise,
                labels: Tensor((0..<count).map { Int32($0 % 3) }))
        }
        var generator = RandomGenerator(seed: seed)
        return Dataset(
            name: "rings", training: examples(trainingCount, &generator),
            test: examples(testCount, &generator), classNames: ["inner", "middle", "outer"],
            source: "Generated with the seed \(seed)")
    }

    /// Points on a rolled-up strip in space (Tenenbaum, de Silva and Langford, "A Global Geometric
    /// Framework for Nonlinear Dimensionality Reduction", 2000), scaled to about unit size, with
    /// normal noise of standard deviation 0.02: `float32`, [n, 3]. The labels are ten sections of
    /// the roll, of equal angle, 0 the innermost.
    public static func swissRoll(
        trainingCount: Int = 4000, testCount: Int = 1000, seed: UInt64 = 0
    ) -> Dataset {
        func examples(_ count: Int, _ generator: inout RandomGenerator) -> Examples {
            let chance = generator.uniform([count, 2], dataType: .float64)
                .elements(as: Double.self)
            let noise = generator.normal([count, 3], standardDeviation: 0.02)
            var points: [Float] = []
            var labels: [Int32] = []
            for index in 0..<count {
                let (along, across) = (chance[2 * index], chance[2 * index + 1])
                let turns = 0.75 + 1.5 * along
                let radius = turns / 2.25
                points.append(Float(radius * cos(2 * .pi * turns)))
                points.append(Float(2 * across - 1))
                points.append(Float(radius * sin(2 * .pi * turns)))
                labels.append(Int32(10 * along))
            }
            return Examples(
                inputs: Tensor(points, shape: [count, 3]) + noise, labels: Tensor(labels))
        }
        var generator = RandomGenerator(seed: seed)
        return Dataset(
            name: "swiss-roll", training: examples(trainingCount, &generator),
            test: examples(testCount, &generator), classNames: (0..<10).map(String.init),
            source: "Generated with the seed \(seed)")
    }
}
