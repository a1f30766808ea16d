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

    /// Points of 25 normal distributions of standard deviation 0.05, whose means lie on a square grid of
    /// spacing 2 around the origin, as many of each (Lin et al., "PacGAN", arXiv:1712.04086, section
    /// 4.1): `float32`, [n, 2]. The labels are the distributions, row by row. For models that are to
    /// generate all of them.
    public static func grid(
        trainingCount: Int = 25_000, testCount: Int = 2500, seed: UInt64 = 0
    ) -> Dataset {
        let places = [-4.0, -2, 0, 2, 4]
        let centres = places.flatMap { y in places.map { x in (x: x, y: y) } }
        return normals(
            around: centres, deviation: 0.05, named: "grid", trainingCount, testCount, seed)
    }

    /// Points of eight normal distributions of standard deviation 0.02, whose means lie on a circle of
    /// radius 2 around the origin, as many of each (Metz et al., "Unrolled Generative Adversarial
    /// Networks", arXiv:1611.02163, section 3.1): `float32`, [n, 2]. The labels are the distributions.
    public static func circle(
        trainingCount: Int = 8000, testCount: Int = 2000, seed: UInt64 = 0
    ) -> Dataset {
        let centres = (0..<8).map { index in
            let angle = Double.pi / 4 * Double(index)
            return (x: 2 * cos(angle), y: 2 * sin(angle))
        }
        return normals(
            around: centres, deviation: 0.02, named: "circle", trainingCount, testCount, seed)
    }

    private static func normals(
        around centres: [(x: Double, y: Double)], deviation: Double, named name: String,
        _ trainingCount: Int, _ testCount: Int, _ seed: UInt64
    ) -> Dataset {
        func examples(_ count: Int, _ generator: inout RandomGenerator) -> Examples {
            let labels = (0..<count).map { $0 % centres.count }
            let means = labels.flatMap { [Float(centres[$0].x), Float(centres[$0].y)] }
            return Examples(
                inputs: Tensor(means, shape: [count, 2])
                    + generator.normal([count, 2], standardDeviation: deviation),
                labels: Tensor(labels.map { Int32($0) }))
        }
        var generator = RandomGenerator(seed: seed)
        return Dataset(
            name: name, training: examples(trainingCount, &generator),
            test: examples(testCount, &generator), classNames: centres.indices.map(String.init),
            source: "Generated with the seed \(seed)")
    }
}
