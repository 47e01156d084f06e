"""The image and the containers of docker-compose.yml without a Docker engine.

build_image      a stand-in for the official base images, and the image built on it
container        a service's container: its user, mounts, command and health check
"""
